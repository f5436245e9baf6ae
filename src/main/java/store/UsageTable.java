package store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.concurrent.CompletionStage;

/**
 * What decides whether a transaction may begin: how much a namespace has open, and whether one has
 * begun. Whoever begins one waits for that, so lists and scans for people do not delay it.
 * Thread-safe; no method blocks.
 */
public final class UsageTable {

    static final String USAGE = "SELECT COUNT(*), COALESCE(SUM(size_bytes), 0)"
        + " FROM pactor_transaction WHERE namespace = ? AND mode IN " + Inspection.MODES
        + " AND status IN " + Inspection.UNFINISHED;

    private static final String KNOWN =
        "SELECT 1 FROM pactor_transaction WHERE gid = ? AND status <> '" + Replay.REMOVED + "'";

    private final Database database;

    public UsageTable(Database database) {
        this.database = database;
    }

    /** @param open unfinished transactions @param bytes of their histories */
    public record Usage(long open, long bytes) {}

    /** Reads the rows of all that are open in that namespace. */
    public CompletionStage<Usage> of(String namespace) {
        return database.read(connection -> {
            try (PreparedStatement select = connection.prepareStatement(USAGE)) {
                select.setQueryTimeout(database.statementTimeoutSeconds());
                select.setString(1, namespace);
                try (ResultSet row = select.executeQuery()) {
                    row.next();
                    return new Usage(row.getLong(1), row.getLong(2));
                }
            }
        });
    }

    /** Whether there is a transaction of that id. */
    public CompletionStage<Boolean> isKnown(String id) {
        return database.read(connection -> {
            try (PreparedStatement select = connection.prepareStatement(KNOWN)) {
                select.setQueryTimeout(database.statementTimeoutSeconds());
                select.setString(1, id);
                try (ResultSet row = select.executeQuery()) {
                    return row.next();
                }
            }
        });
    }
}

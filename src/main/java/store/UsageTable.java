package store;

import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.util.concurrent.CompletionStage;

/** How much a namespace has open. Thread-safe; no method blocks. */
public final class UsageTable {

    static final String USAGE = "SELECT COUNT(*), COALESCE(SUM(size_bytes), 0)"
        + " FROM pactor_transaction WHERE namespace = ? AND mode IN " + Inspection.MODES
        + " AND status IN " + Inspection.UNFINISHED;

    private final Database database;

    public UsageTable(Database database) {
        this.database = database;
    }

    /** @param open unfinished transactions @param bytes of their histories */
    public record Usage(long open, long bytes) {}

    /** Reads the rows of all that are open in that namespace. */
    public CompletionStage<Usage> of(String namespace) {
        return database.read(Lane.DESK, connection -> {
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
}

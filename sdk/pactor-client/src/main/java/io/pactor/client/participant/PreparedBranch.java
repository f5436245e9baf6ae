package io.pactor.client.participant;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A transaction that is prepared in a database, and waits for its end.
 *
 * @param xid by which the database knows it
 * @param gid the global transaction of which it may be a branch; empty if it has another name than
 *     Pactor's and DTM's clients give
 * @param branchId which branch; empty if {@code gid} is
 * @param age since it was prepared; empty if the database does not tell
 */
public record PreparedBranch(String xid, String gid, String branchId, Optional<Duration> age) {

    /** All clients number branches by pairs of digits. */
    private static final Pattern NAME = Pattern.compile("(.+)-((?:\\d\\d)+)");

    /** That of an {@code xa start} with one text and nothing else. */
    private static final int FORMAT_OF_TEXT = 1;

    static PreparedBranch named(String xid, Optional<Duration> age) {
        Matcher matcher = NAME.matcher(xid);
        return matcher.matches() && !matcher.group(1).isBlank()
            && matcher.group(1).length() <= BranchCall.GID_MAX
            && matcher.group(2).length() <= BranchCall.BRANCH_ID_MAX
            ? new PreparedBranch(xid, matcher.group(1), matcher.group(2), age)
            : new PreparedBranch(xid, "", "", age);
    }

    /** Whether it has a name that a branch has; others' may look the same. */
    public boolean isNamedAsBranch() {
        return !gid.isEmpty();
    }

    static List<PreparedBranch> list(Connection connection, Dialect dialect) throws SQLException {
        return switch (dialect) {
            case POSTGRESQL -> listOfPostgresql(connection);
            case MYSQL -> listOfMysql(connection);
            default -> throw new IllegalStateException(
                "XA branches cannot be listed in " + dialect);
        };
    }

    /** Only where it was prepared can it be ended. */
    private static List<PreparedBranch> listOfPostgresql(Connection connection)
            throws SQLException {
        List<PreparedBranch> all = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select gid,"
                    + " extract(epoch from now() - prepared) from pg_prepared_xacts"
                    + " where database = current_database() order by prepared, gid")) {
            while (row.next()) {
                all.add(named(row.getString(1),
                    Optional.of(Duration.ofSeconds((long) row.getDouble(2)))));
            }
        }
        return all;
    }

    private static List<PreparedBranch> listOfMysql(Connection connection) throws SQLException {
        List<PreparedBranch> all = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("xa recover")) {
            while (row.next()) {
                String xid = row.getString("data");
                boolean isText = row.getInt("formatID") == FORMAT_OF_TEXT
                    && row.getInt("bqual_length") == 0;
                all.add(isText ? named(xid, Optional.empty())
                    : new PreparedBranch(xid, "", "", Optional.empty()));
            }
        }
        return all;
    }
}

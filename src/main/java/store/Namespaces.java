package store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * The namespaces that have transactions. Lists stand apart in the table's index by namespace, so
 * whoever walks through all of them walks once for each.
 */
final class Namespaces {

    /** The next one along the index: one row is read for each, however many transactions it has. */
    static final String NEXT = "SELECT namespace FROM pactor_transaction WHERE namespace > ?"
        + " ORDER BY namespace LIMIT 1";

    private Namespaces() {}

    /** In the order of their names. */
    static List<String> of(Connection connection, int timeoutSeconds) throws SQLException {
        List<String> found = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(NEXT)) {
            select.setQueryTimeout(timeoutSeconds);
            String last = "";
            while (last != null) {
                select.setString(1, last);
                try (ResultSet row = select.executeQuery()) {
                    last = row.next() ? row.getString(1) : null;
                }
                if (last != null) {
                    found.add(last);
                }
            }
        }
        return found;
    }

    /** A question mark for each, for {@code IN (...)}. */
    static String marks(List<String> namespaces) {
        return String.join(", ", Collections.nCopies(namespaces.size(), "?"));
    }

    /** Fills in the question marks of {@code statement} from that one on. */
    static void bind(PreparedStatement statement, int from, List<String> namespaces)
            throws SQLException {
        for (int i = 0; i < namespaces.size(); i++) {
            statement.setString(from + i, namespaces.get(i));
        }
    }
}

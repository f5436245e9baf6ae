package store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Secrets that all nodes over one database share. */
final class SecretTable {

    static final String COLUMNS = "name, content";

    private static final String FIND = "SELECT content FROM pactor_secret WHERE name = ?";

    private static final String INSERT =
        "INSERT INTO pactor_secret (" + COLUMNS + ") VALUES (?, ?)";

    private static final String UPDATE =
        "UPDATE pactor_secret SET content = ? WHERE name = ?";

    private static final String UPDATE_FORMER = UPDATE + " AND content = ?";

    /** Names are ours, without what LIKE takes for more than itself. */
    private static final String LIST =
        "SELECT " + COLUMNS + " FROM pactor_secret WHERE name LIKE ? ORDER BY name";

    private static final String DELETE = "DELETE FROM pactor_secret WHERE name = ?";

    private SecretTable() {}

    record Secret(String name, byte[] content) {}

    /**
     * The secret of that name, which is {@code first} if there is none yet.
     *
     * @param connection commits each statement
     */
    static byte[] getOrPut(Connection connection, Dialect dialect, String name, byte[] first)
            throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
            insert.setString(1, name);
            insert.setBytes(2, first);
            insert.executeUpdate();
        } catch (SQLException e) {
            if (!dialect.isDuplicate(e)) {
                throw e;
            }
        }
        return find(connection, name);
    }

    /** Puts another secret in the place of the one of that name; one there must be. */
    static void replace(Connection connection, String name, byte[] content) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(UPDATE)) {
            update.setBytes(1, content);
            update.setString(2, name);
            update.executeUpdate();
        }
    }

    /** Does so if there is {@code former} still; whether it has. */
    static boolean replace(Connection connection, String name, byte[] former, byte[] content)
            throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(UPDATE_FORMER)) {
            update.setBytes(1, content);
            update.setString(2, name);
            update.setBytes(3, former);
            return update.executeUpdate() > 0;
        }
    }

    /** Null if there is none. */
    static byte[] find(Connection connection, String name) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(FIND)) {
            select.setString(1, name);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? row.getBytes(1) : null;
            }
        }
    }

    /** Those whose names begin so. */
    static List<Secret> list(Connection connection, String prefix) throws SQLException {
        List<Secret> found = new ArrayList<>();
        try (PreparedStatement select = connection.prepareStatement(LIST)) {
            select.setString(1, prefix + "%");
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    found.add(new Secret(row.getString(1), row.getBytes(2)));
                }
            }
        }
        return found;
    }

    static void delete(Connection connection, String name) throws SQLException {
        try (PreparedStatement delete = connection.prepareStatement(DELETE)) {
            delete.setString(1, name);
            delete.executeUpdate();
        }
    }
}

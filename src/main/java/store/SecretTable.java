package store;

import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;

/** Secrets that all nodes over one database share. */
final class SecretTable {

    static final String COLUMNS = "name, content";

    private static final String FIND = "SELECT content FROM pactor_secret WHERE name = ?";

    private static final String INSERT =
        "INSERT INTO pactor_secret (" + COLUMNS + ") VALUES (?, ?)";

    private SecretTable() {}

    /**
     * The secret of that name, made at random by whoever asks first.
     *
     * @param connection commits each statement
     */
    static byte[] get(Connection connection, Dialect dialect, String name, int bytes)
            throws SQLException {
        byte[] found = find(connection, name);
        if (found == null) {
            byte[] made = new byte[bytes];
            new SecureRandom().nextBytes(made);
            try (PreparedStatement insert = connection.prepareStatement(INSERT)) {
                insert.setString(1, name);
                insert.setBytes(2, made);
                insert.executeUpdate();
            } catch (SQLException e) {
                if (!dialect.isDuplicate(e)) {
                    throw e;
                }
            }
            found = find(connection, name);
        }
        return found;
    }

    private static byte[] find(Connection connection, String name) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement(FIND)) {
            select.setString(1, name);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? row.getBytes(1) : null;
            }
        }
    }
}

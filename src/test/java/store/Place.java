package store;

import database.Databases;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** An empty database of a test's own, of one of the three kinds, and what stands behind it. */
final class Place {

    private final String kind;
    private final StoreSettings settings;

    private Place(String kind, StoreSettings settings) {
        this.kind = kind;
        this.settings = settings;
    }

    /** @param dir of the test's own, for H2 */
    static Place fresh(String kind, Path dir) {
        return new Place(kind, kind.equals(Databases.H2) ? H2Files.settings(dir)
            : StoreSettings.at(Databases.fresh(kind)).as("pactor", "pactor"));
    }

    StoreSettings settings() {
        return settings;
    }

    boolean isH2() {
        return kind.equals(Databases.H2);
    }

    boolean isMariadb() {
        return kind.equals(Databases.MARIADB);
    }

    /** Behind the store's back. */
    int execute(String sql, Object... parameters) {
        try (Connection connection = connect();
                var statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            return statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** All rows, the columns of each joined by a blank. */
    List<String> query(String sql) {
        try (Connection connection = connect(); Statement statement =
                connection.createStatement(); ResultSet row = statement.executeQuery(sql)) {
            List<String> rows = new ArrayList<>();
            while (row.next()) {
                List<String> columns = new ArrayList<>();
                for (int i = 1; i <= row.getMetaData().getColumnCount(); i++) {
                    columns.add(row.getString(i));
                }
                rows.add(String.join(" ", columns));
            }
            return rows;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    Connection connect() throws SQLException {
        // By the same name as the store, or H2 would take it for another process.
        return DriverManager.getConnection(
            Dialect.of(settings).url(settings), settings.user(), settings.password());
    }
}

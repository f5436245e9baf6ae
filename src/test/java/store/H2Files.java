package store;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import meter.Meter;

/** H2 in a directory of a test. */
final class H2Files {

    private H2Files() {}

    static Meter meter() {
        return Meter.over(new SimpleMeterRegistry());
    }

    static String url(Path dir) {
        return "jdbc:h2:file:" + dir.resolve("pactor").toAbsolutePath() + ";WRITE_DELAY=0";
    }

    static StoreSettings settings(Path dir) {
        return StoreSettings.at(url(dir));
    }

    /** Behind the store's back. */
    static int execute(Path dir, String sql, Object... parameters) {
        try (Connection connection = connect(dir);
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
    static List<String> query(Path dir, String sql) {
        try (Connection connection = connect(dir); Statement statement =
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

    static Connection connect(Path dir) throws SQLException {
        // By the same name as the store, or H2 would take it for another process.
        return DriverManager.getConnection(new H2().url(settings(dir)), "pactor", "");
    }
}

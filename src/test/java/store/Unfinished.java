package store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import database.Databases;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Proves that nothing is forgotten, with the query that docs/operating.md tells operators: a
 * transaction is unfinished exactly if its row has a due time, quarantine excepted.
 */
public final class Unfinished {

    private static final Pattern QUERY =
        Pattern.compile("(?m)^SELECT COUNT\\(\\*\\) AS forgotten (FROM [^;]+);$");

    private static final String URL = "pactor.store.jdbc-url=";

    private Unfinished() {}

    /** Where a connection comes from. */
    public interface Place {
        Connection connect() throws SQLException;
    }

    /** The same of the database of a coordinator with that data directory, which has ended. */
    public static void assertAllDue(Path dataDir) {
        Optional<String> url = Databases.arguments(dataDir).stream()
            .filter(each -> each.startsWith(URL)).map(each -> each.substring(URL.length()))
            .findFirst();
        if (url.isPresent()) {
            assertAllDue(() -> DriverManager.getConnection(url.get(), "pactor", "pactor"));
        } else if (Files.exists(dataDir.resolve("pactor.mv.db"))) {
            assertAllDue(() -> H2Files.connect(dataDir));
        }
    }

    /** Fails with the gids that break the rule. Any database. */
    public static void assertAllDue(Place place) {
        try (Connection connection = place.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT gid, status, due_at " + rule())) {
            List<String> forgotten = new ArrayList<>();
            while (row.next()) {
                forgotten.add(new String(row.getBytes(1), StandardCharsets.UTF_8) + " "
                    + row.getString(2));
            }
            assertEquals(List.of(), forgotten, "rows that break the rule of the due time");
        } catch (SQLException broken) {
            throw new IllegalStateException(broken);
        }
    }

    /** As the page has it, so that what is told is what is tested. */
    private static String rule() {
        try {
            Matcher query = QUERY.matcher(Files.readString(Path.of("docs/operating.md")));
            if (!query.find()) {
                throw new IllegalStateException("docs/operating.md has no query for this");
            }
            return query.group(1);
        } catch (IOException missing) {
            throw new UncheckedIOException(missing);
        }
    }
}

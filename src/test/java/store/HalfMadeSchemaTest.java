package store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;

/** A process was killed while it made the tables, and its file is checked at the next start. */
class HalfMadeSchemaTest {

    @Test
    void indexesOfTablesThatAreNotThereYetAreLeftToTheCreation() throws Exception {
        Dialect h2 = new H2();
        try (Connection connection = DriverManager.getConnection("jdbc:h2:mem:half")) {
            makeVersionOne(connection);
            assertEquals(Schema.UNFINISHED, Schema.found(connection, h2));

            Schema.makeIndexes(connection, h2);

            assertEquals(Schema.UNFINISHED, Schema.apply(connection, h2));
            assertEquals(Schema.VERSION, Schema.found(connection, h2));
        }
    }

    private static void makeVersionOne(Connection connection) throws IOException, SQLException {
        try (var script = Schema.class.getResourceAsStream("/schema/h2/V1.sql");
                Statement statement = connection.createStatement()) {
            statement.execute(new String(script.readAllBytes(), StandardCharsets.UTF_8));
        }
    }
}

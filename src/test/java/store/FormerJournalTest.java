package store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Types;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import transaction.Context;
import transaction.Entry;
import transaction.Event;
import transaction.GlobalTransaction;
import transaction.Mode;
import transaction.Status;
import transaction.Summary;
import transaction.TransactionIndex;
import transaction.Waiting;

/**
 * The tables of 93e440b, with what that build wrote into them: {@code src/test/resources/former}
 * holds its scripts, all rows as it left them, and the states that it read back from them. They are
 * brought up to today's schema, and read as the same.
 */
@ParameterizedClass(name = "{0}")
@MethodSource("database.Databases#all")
class FormerJournalTest {

    private static final Path FORMER = Path.of("src/test/resources/former/93e440b");

    /** A state begins at the margin, what it consists of does not. */
    private static final String NEXT_STATE = "\n(?=\\S)";

    @TempDir
    private Path dir;

    @Parameter
    private String kind;

    private Place place;

    @BeforeEach
    void restore() throws IOException {
        place = Place.fresh(kind, dir);
        String script = Files.readString(FORMER.resolve(kind + ".sql"));
        for (String each : script.replaceAll("(?m)^\\s*--.*$", "").split(";")) {
            if (!each.isBlank()) {
                place.execute(each);
            }
        }
        try (Connection connection = place.connect()) {
            for (String line : Files.readAllLines(FORMER.resolve("rows.jsonl"))) {
                insert(connection, EventCodec.MAPPER.readTree(line));
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        if (!place.isMariadb()) {
            place.execute("ALTER TABLE pactor_transaction ALTER COLUMN id RESTART WITH 1000");
        }
    }

    @Test
    void aStartLeavesThemAloneAndSaysWhatToDo() {
        List<String> before = rows();

        String said = assertThrows(StoreException.class,
            () -> Database.open(place.settings(), H2Files.meter())).getMessage();

        assertTrue(said.contains("the tables are of schema 2, this release needs "
            + Schema.VERSION), said);
        assertTrue(said.contains("pactor schema apply"), said);
        assertEquals(before, rows());
    }

    @Test
    void eachStateIsWhatItWas() throws Exception {
        List<String> before = rows();
        assertEquals("schema 2 is now schema " + Schema.VERSION, Schema.apply(place.settings()));
        assertEquals("schema " + Schema.VERSION + " is there already",
            Schema.apply(place.settings()));
        assertEquals(before, rows());

        assertSame();
    }

    @Test
    void allModesAndStatusesAreAmongThem() throws IOException {
        Set<String> seen = new HashSet<>();
        expected().forEach((gid, state) -> state.lines().filter(line -> line.startsWith("  is: "))
            .forEach(line -> seen.add(line.split(" ")[3] + " " + line.split(" ")[4])));

        for (String each : List.of("saga succeed", "saga failed", "saga submitted",
                "saga aborting", "saga prepared", "tcc prepared", "tcc succeed", "tcc failed",
                "tcc submitted", "xa prepared", "xa succeed", "xa failed", "xa submitted",
                "msg prepared", "msg submitted", "msg succeed", "msg failed",
                "workflow prepared", "workflow succeed", "workflow failed")) {
            assertTrue(seen.contains(each), each + " is not among " + seen);
        }
        assertTrue(expected().values().stream().anyMatch(each -> each.contains("  broken: ")));
        assertTrue(expected().values().stream().anyMatch(each -> each.contains("  removed")));
    }

    /** As if the upgrade had been cut short after its last statement, before its note. */
    @Test
    void anUpgradeThatWasCutShortGoesOn() throws Exception {
        Schema.apply(place.settings());
        place.execute("DELETE FROM pactor_schema WHERE version > 2");

        assertEquals("schema 2 is now schema " + Schema.VERSION, Schema.apply(place.settings()));

        assertSame();
    }

    @Test
    void theIndexTellsWhatItTold() {
        Schema.apply(place.settings());
        try (Database database = Database.open(place.settings(), H2Files.meter())) {
            List<Summary> rows = new TransactionTable(database)
                .list(TransactionIndex.Filter.ALL, "", 1_000).toCompletableFuture().join().rows();

            assertEquals(place.query("SELECT gid FROM pactor_transaction"
                + " WHERE status <> 'removed'").size(), rows.size());
            assertTrue(rows.stream().allMatch(row ->
                row.submission().context().equals(Context.NONE)
                    && row.waiting() == Waiting.NOTHING));
            assertTrue(rows.stream().noneMatch(row ->
                row.quarantine().startsWith("this row cannot be read")), rows.toString());
            assertEquals(Map.of("X-Tenant", "blue \"7\"", "token", "ü"), rows.stream()
                .filter(row -> row.submission().gid().equals("saga-retried")).findFirst()
                .orElseThrow().submission().options().branchHeaders());
            assertFalse(rows.stream().filter(row -> !row.status().isFinal()).toList().isEmpty());
        }
    }

    /** What is added goes behind what is there, in today's form. */
    @Test
    void itGoesOnFromThere() throws Exception {
        Schema.apply(place.settings());
        try (Database database = Database.open(place.settings(), H2Files.meter())) {
            long last = Long.parseLong(place.query(
                "SELECT ordinal FROM pactor_transaction WHERE gid = 'tcc-prepared'").get(0));
            Replay replay = database.replay("tcc-prepared");
            GlobalTransaction t = GlobalTransaction.ABSENT;
            for (Entry entry : database.read(replay::next).join().entries()) {
                t = entry.applyTo(t);
            }
            Instant now = t.updatedAt().plusSeconds(60);
            Event stopped = new Event.ForceStopped("ada", now);
            Journals.append(database, "tcc-prepared", last + 1, new Entry(List.of(stopped),
                new Summary(t.submission(), Status.FAILED, "stopped by force", "", t.openedAt(),
                    now, null, Duration.ofSeconds(5), "", Waiting.NOTHING))).join();
            TransactionTable index = new TransactionTable(database);

            assertEquals(Mode.TCC, t.mode());
            assertEquals(List.of("1", "2"), place.query("SELECT DISTINCT j.version"
                + " FROM pactor_journal j JOIN pactor_transaction t ON t.id = j.transaction_id"
                + " WHERE t.gid = 'tcc-prepared' ORDER BY j.version"));
            assertEquals(place.query("SELECT SUM(OCTET_LENGTH(j.payload)) FROM pactor_journal j"
                    + " JOIN pactor_transaction t ON t.id = j.transaction_id"
                    + " WHERE t.gid = 'tcc-prepared'"),
                List.of(index.bytes("tcc-prepared").toCompletableFuture().join().toString()));
            assertEquals(stopped, index.history("tcc-prepared", last, 1).toCompletableFuture()
                .join().entries().get(0).events().get(0));
        }
    }

    /** Rows in the clear are read as they are, and none of them is written anew. */
    @Test
    void encryptionLeavesThemAlone() throws Exception {
        Schema.apply(place.settings());
        List<String> before = rows();

        assertSame(new TestKeys("k1").in(place.settings()));

        assertEquals(before, rows());
    }

    private void assertSame() throws Exception {
        assertSame(place.settings());
    }

    private void assertSame(StoreSettings settings) throws Exception {
        Map<String, String> states = states(settings);
        assertEquals(expected().keySet(), states.keySet());
        for (Map.Entry<String, String> each : expected().entrySet()) {
            assertEquals(each.getValue(), states.get(each.getKey()));
        }
    }

    private Map<String, String> states(StoreSettings settings) throws SQLException {
        Map<String, String> states = new TreeMap<>();
        try (Database database = Database.open(settings, H2Files.meter());
                Connection connection = place.connect()) {
            for (String gid : gids(connection)) {
                Replay replay = database.replay(gid);
                states.put(gid, StateText.of(gid, () -> replay.next(connection)).strip());
            }
        }
        return states;
    }

    private static Map<String, String> expected() throws IOException {
        Map<String, String> states = new TreeMap<>();
        for (String each : Files.readString(FORMER.resolve("states.txt")).strip()
                .split(NEXT_STATE)) {
            states.put(each.lines().findFirst().orElseThrow(), each.strip());
        }
        return states;
    }

    private static List<String> gids(Connection connection) throws SQLException {
        List<String> gids = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                var row = statement.executeQuery("SELECT gid FROM pactor_transaction")) {
            while (row.next()) {
                gids.add(row.getString(1));
            }
        }
        return gids;
    }

    private List<String> rows() {
        return place.query("SELECT t.gid, t.status, t.ordinal, COUNT(j.ordinal), SUM(j.checksum)"
            + " FROM pactor_transaction t LEFT JOIN pactor_journal j ON j.transaction_id = t.id"
            + " GROUP BY t.gid, t.status, t.ordinal ORDER BY t.gid");
    }

    private void insert(Connection connection, JsonNode row) throws SQLException {
        List<String> columns = new ArrayList<>();
        row.fieldNames().forEachRemaining(columns::add);
        columns.remove("table");
        String table = row.get("table").asText();
        boolean given = table.equals("pactor_transaction") && !place.isMariadb();
        String sql = "INSERT INTO " + table + " (" + String.join(", ", columns) + ")"
            + (given ? " OVERRIDING SYSTEM VALUE" : "")
            + " VALUES (" + String.join(", ", Collections.nCopies(columns.size(), "?")) + ")";
        try (var insert = connection.prepareStatement(sql)) {
            for (int i = 0; i < columns.size(); i++) {
                JsonNode value = row.get(columns.get(i));
                if (value.isNull()) {
                    insert.setNull(i + 1, Types.BIGINT);
                } else if (value.isNumber()) {
                    insert.setLong(i + 1, value.asLong());
                } else if (columns.get(i).equals("payload")) {
                    insert.setBytes(i + 1, HexFormat.of().parseHex(value.asText().substring(4)));
                } else {
                    insert.setString(i + 1, value.asText());
                }
            }
            insert.executeUpdate();
        } catch (SQLException e) {
            throw new SQLException(sql, e);
        }
    }
}

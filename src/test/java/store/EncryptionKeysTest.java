package store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import encryption.Envelope;
import encryption.Keyring;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import transaction.Entry;
import transaction.Summary;
import transaction.TransactionIndex.Filter;
import transaction.TransactionIndex.Quarantining;

/** Keys come, are rotated, are missing and come back. */
@ParameterizedClass(name = "{0}")
@MethodSource("database.Databases#all")
class EncryptionKeysTest {

    private static final String CLEAR = "clear";

    private final TestKeys keys = new TestKeys("k1");
    private final List<Entry> saga = Samples.sagaThatSucceeds("g");

    @TempDir
    private Path dir;

    @Parameter
    private String kind;

    private Place place;

    @BeforeEach
    void prepare() {
        place = Place.fresh(kind, dir);
    }

    @Test
    void keysAreRotatedWhileItRunsAndOldOnesRead() {
        try (Database database = open(keys)) {
            append(database, 1);
            keys.set("k2", "k1");
            append(database, 2);
            assertEquals("k1", database.encryptionKey().orElseThrow());
            get(database.lookAtKeys());
            assertEquals("k2", database.encryptionKey().orElseThrow());
            keys.set("k3", "k2", "k1");
            get(database.lookAtKeys());
            append(database, 3);

            assertReads(database);
        }
        assertEquals(List.of("k1", "k1", "k3"), keysOfRows());
        try (Database database = open(keys)) {
            assertReads(database);
        }
    }

    @Test
    void itIsTurnedOnAndOffWithoutAMigration() {
        try (Database database = open(Keyring.NONE)) {
            append(database, 1);
            assertEquals(Optional.empty(), database.encryptionKey());
        }
        try (Database database = open(keys)) {
            append(database, 2);
            assertReads(database, 2);
        }
        try (Database database = open(keys.reading())) {
            append(database, 3);
            assertReads(database);
            assertEquals(Optional.empty(), database.encryptionKey());
        }
        assertEquals(List.of(CLEAR, "k1", CLEAR), keysOfRows());
    }

    /** The key may come: nothing is noted that somebody would have to take back. */
    @Test
    void whatNeedsAMissingKeyStaysDueAndIsReadOnceTheKeyIsThere() {
        try (Database database = open(keys)) {
            append(database, 1);
            append(database, 2);
            keys.set("k2", "k1");
            get(database.lookAtKeys());
            keys.set("k2");
            List<String> before = rows();
            List<String> due = due();
            TransactionTable index = new TransactionTable(database);

            String said = Journals.read(database, "g").broken();
            assertEquals("its key is missing: entry 1 is encrypted with key k1, which is not among"
                + " the keys (pactor.store.encryption.keys-file)", said);
            assertEquals(said, get(index.history("g", 0, 10)).broken());
            assertEquals(Quarantining.SPARED, get(index.quarantine("g", said)));
            Summary row = get(index.list(Filter.ALL, "", 10)).rows().get(0);
            assertEquals("g", row.submission().gid());
            assertTrue(row.quarantine().contains("encrypted with key k1"), row.toString());
            assertEquals(before, rows());
            assertEquals(due, due());
            assertEquals(List.of("transactions wait for encryption key k1, which is not among the"
                + " keys"), database.warnings());
            get(database.lookAtKeys());
            assertEquals(1, database.warnings().size());

            keys.set("k2", "k1");
            assertReads(database, 2);
            assertEquals(List.of(), database.warnings());
            assertEquals(false, get(index.release("g")));
            append(database, 3);
            assertReads(database);
        }
        assertEquals(List.of("k1", "k1", "k2"), keysOfRows());
    }

    /** A warning goes although nobody reads what waited. */
    @Test
    void aLookAtTheKeysEndsTheWarning() {
        try (Database database = open(keys)) {
            append(database, 1);
            keys.set("k2");
            Journals.read(database, "g");
            assertEquals(1, database.warnings().size());

            keys.set("k2", "k1");
            get(database.lookAtKeys());
            assertEquals(List.of(), database.warnings());
        }
    }

    /** Nobody can bring it back, so an operator decides. */
    @Test
    void whatNeedsALostKeyIsInQuarantine() {
        try (Database database = open(keys)) {
            append(database, 1);
        }
        try (Database database = open(new TestKeys("k2"), "k1")) {
            TransactionTable index = new TransactionTable(database);
            String said = Journals.read(database, "g").broken();
            assertEquals("entry 1 is encrypted with key k1, which is not among the keys"
                + " (pactor.store.encryption.keys-file)", said);
            assertEquals(List.of(), database.warnings());
            assertEquals(Quarantining.BEGINS, get(index.quarantine("g", said)));
            assertEquals(Quarantining.LASTS, get(index.quarantine("g", said)));
            assertEquals(List.of("null"), due());

            keys.set("k2", "k1");
        }
        try (Database database = open(keys)) {
            TransactionTable index = new TransactionTable(database);
            assertReads(database, 1);
            assertEquals(true, get(index.release("g")));
            assertEquals("", get(index.find("g")).orElseThrow().quarantine());
        }
    }

    /** Of those that are missing the last is named; without it nobody needs the older ones. */
    @Test
    void theOlderOfSeveralLostKeysAreAcceptedWithTheLast() {
        for (String names : List.of("k1", "k2 k1", "k3 k2 k1")) {
            keys.set(names.split(" "));
            open(keys).close();
        }
        TestKeys left = new TestKeys("k4", "k1");
        for (String wrong : List.of("", "k2", "k4")) {
            assertThrows(StoreException.class, () -> open(left, wrong));
        }
        open(left, "k3").close();
        open(left).close();
        assertEquals(List.of("encryption-key/k1", "encryption-key/k4"), place.query(
            "SELECT name FROM pactor_secret WHERE name LIKE 'encryption-key/%' ORDER BY name"));
    }

    @Test
    void aStartWithoutTheKeyThatWasUsedLastIsRefused() {
        try (Database database = open(keys)) {
            append(database, 1);
        }
        String refused = "this store was last written with encryption key k1, which is not among"
            + " the keys of pactor.store.encryption.keys-file; put it back, or start once with"
            + " pactor.store.encryption.accept-missing-key = \"k1\" and do without all that it"
            + " encrypted";
        List<String> before = rows();

        for (Keyring wrong : List.of(Keyring.NONE, new TestKeys("k2"))) {
            assertEquals(refused,
                assertThrows(StoreException.class, () -> open(wrong)).getMessage());
        }
        assertEquals(before, rows());
        Database.open(place.settings().encrypting(EncryptionSettings.NOT_NEEDED),
            H2Files.meter()).close();
        try (Database database = open(keys)) {
            assertReads(database, 1);
        }
    }

    @Test
    void anOlderKeyMayBeMissingAndALostOneIsAcceptedOnce() {
        try (Database database = open(keys)) {
            append(database, 1);
        }
        keys.set("k2", "k1");
        open(keys).close();
        keys.set("k2");
        open(keys).close();

        assertThrows(StoreException.class, () -> open(Keyring.NONE));
        assertThrows(StoreException.class, () -> open(Keyring.NONE, "k1"));
        assertThrows(StoreException.class, () -> open(new TestKeys("k3")));
        open(new TestKeys("k3"), "k2").close();
        keys.set("k3", "k1");
        try (Database database = open(keys)) {
            assertReads(database, 1);
        }
    }

    /** Two keys of one name would make of each reading a guess. */
    @Test
    void anotherKeyOfTheSameNameIsRefused() {
        try (Database database = open(keys)) {
            append(database, 1);
        }
        keys.set(TestKeys.forged("k1"));
        String said = assertThrows(StoreException.class, () -> open(keys)).getMessage();
        assertTrue(said.startsWith("key k1 is not the one with which this store was written"),
            said);

        keys.set("k2", "k1");
        open(keys).close();
        keys.set("k1", "k2");
        try (Database database = open(keys)) {
            keys.set(TestKeys.forged("k2"), TestKeys.key("k1"));
            get(database.lookAtKeys());
            assertEquals("k1", database.encryptionKey().orElseThrow());
            append(database, 2);
            keys.set("k2", "k1");
            get(database.lookAtKeys());
            assertEquals("k2", database.encryptionKey().orElseThrow());
            append(database, 3);
            assertReads(database);
        }
    }

    /** What it gives at the time is not known: the key before stays. */
    @Test
    void aKeyringThatFailsChangesNothing() {
        boolean[] away = {false};
        Keyring service = new Keyring() {
            @Override
            public Optional<encryption.Key> current() {
                if (away[0]) {
                    throw new IllegalStateException("the service is away");
                }
                return keys.current();
            }

            @Override
            public Optional<encryption.Key> find(String name) {
                return keys.find(name);
            }
        };
        try (Database database = open(service)) {
            away[0] = true;
            get(database.lookAtKeys());
            append(database, 1);
            assertReads(database, 1);
        }
        assertEquals(List.of("k1"), keysOfRows());
    }

    private Database open(Keyring ring) {
        return open(ring, "");
    }

    private Database open(Keyring ring, String accepted) {
        return Database.open(
            place.settings().encrypting(new EncryptionSettings(ring, Duration.ZERO, accepted)),
            H2Files.meter());
    }

    private void append(Database database, int ordinal) {
        Journals.append(database, "g", ordinal, saga.get(ordinal - 1)).join();
    }

    private void assertReads(Database database) {
        assertReads(database, saga.size());
    }

    private void assertReads(Database database, int count) {
        Replay.Page page = Journals.read(database, "g");
        assertEquals(null, page.broken());
        assertEquals(saga.subList(0, count).stream().map(Entry::events).toList(),
            page.entries().stream().map(Entry::events).toList());
    }

    private List<String> rows() {
        return place.query("SELECT transaction_id, ordinal, version, checksum FROM pactor_journal"
            + " ORDER BY transaction_id, ordinal");
    }

    private List<String> due() {
        return place.query("SELECT due_at FROM pactor_transaction");
    }

    private List<String> keysOfRows() {
        try (Connection connection = place.connect();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("SELECT version, payload"
                    + " FROM pactor_journal ORDER BY transaction_id, ordinal")) {
            List<String> names = new ArrayList<>();
            while (row.next()) {
                names.add(row.getInt(1) == EventCodec.VERSION ? CLEAR
                    : Envelope.keyName(row.getBytes(2)));
            }
            return names;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }
}

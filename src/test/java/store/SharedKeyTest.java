package store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import encryption.Envelope;
import encryption.Keyring;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/** It is encrypted while payloads are, and stays the same. */
@ParameterizedClass(name = "{0}")
@MethodSource("database.Databases#all")
class SharedKeyTest {

    private static final String CLEAR = "clear";

    private final TestKeys keys = new TestKeys("k1");

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
    void itStaysWhatItIs() {
        byte[] first = callKey(Keyring.NONE);

        assertArrayEquals(first, callKey(Keyring.NONE));
        assertEquals(SharedKey.BYTES, first.length);
        assertFalse(Arrays.equals(first, new byte[SharedKey.BYTES]), "it is random");
    }

    @Test
    void itIsEncryptedFromTheFirstStartOn() {
        byte[] first = callKey(keys);

        assertEquals("k1", keptBy());
        assertArrayEquals(first, callKey(keys));
    }

    @Test
    void oneThatLiesInTheClearIsEncryptedAndStaysTheSame() {
        byte[] first = callKey(Keyring.NONE);
        assertEquals(CLEAR, keptBy());

        assertArrayEquals(first, callKey(keys));
        assertEquals("k1", keptBy());
    }

    @Test
    void aNewKeyEncryptsItAtOnce() {
        byte[] first;
        try (Database database = open(keys, "")) {
            first = database.callKey();
            keys.set("k2", "k1");
            database.lookAtKeys().toCompletableFuture().join();
            assertEquals("k2", keptBy());
            assertArrayEquals(first, database.callKey());
        }
        keys.set("k2");
        assertArrayEquals(first, callKey(keys));
        keys.set("k3", "k2");
        assertArrayEquals(first, callKey(keys));
        assertEquals("k3", keptBy());
    }

    /** Also one that nobody has asked for since. */
    @Test
    void allOfThemFollow() {
        byte[] first;
        try (Database database = open(Keyring.NONE, "")) {
            first = database.sharedKey(SharedKey.CONSOLE_SESSIONS).toCompletableFuture().join();
            assertFalse(Arrays.equals(first, database.callKey()));
        }
        try (Database database = open(keys, "")) {
            assertEquals("k1", keptBy("console-session"));
            keys.set("k2", "k1");
            database.lookAtKeys().toCompletableFuture().join();
            assertEquals("k2", keptBy("console-session"));
            assertArrayEquals(first,
                database.sharedKey(SharedKey.CONSOLE_SESSIONS).toCompletableFuture().join());
        }
    }

    /** As the page says: keep the keys until nothing needs them, then do without them. */
    @Test
    void itOutlivesEncryption() {
        byte[] first = callKey(keys);

        assertArrayEquals(first, callKey(keys.reading()));
        assertEquals(CLEAR, keptBy());
        assertArrayEquals(first, callKey(Keyring.NONE, "k1"));
    }

    @Test
    void oneThatIsLostWithItsKeyGivesWayToANewOne() {
        byte[] first = callKey(keys);

        byte[] next = callKey(new TestKeys("k2"), "k1");

        assertFalse(Arrays.equals(first, next));
        assertEquals("k2", keptBy());
    }

    /** As after a kill between the note of the next key and the change. */
    @Test
    void aStartWithoutTheKeyThatEncryptsItIsRefusedAndChangesNothing() {
        byte[] first = callKey(keys);
        byte[] held = held();
        keys.set("k2", "k1");
        callKey(keys);
        place.execute("UPDATE pactor_secret SET content = ? WHERE name = 'call-token'", held);
        List<String> before = secrets();

        String said = assertThrows(
            StoreException.class, () -> callKey(new TestKeys("k3", "k2"))).getMessage();
        assertTrue(said.startsWith("the shared key call-token is encrypted with key k1, which is"
            + " not among the keys"), said);
        assertEquals(before, secrets());
        Database.open(place.settings().encrypting(EncryptionSettings.NOT_NEEDED),
            H2Files.meter()).close();
        assertEquals(before, secrets());
        assertArrayEquals(first, callKey(keys));
        assertEquals("k2", keptBy());
    }

    @Test
    void oneThatSomebodyHasChangedIsRefused() {
        callKey(keys);
        byte[] held = held();
        held[held.length - 1] ^= 1;
        place.execute("UPDATE pactor_secret SET content = ? WHERE name = 'call-token'", held);

        String said =
            assertThrows(StoreException.class, () -> callKey(keys)).getMessage();
        assertTrue(said.contains("delete the row call-token of pactor_secret"), said);
    }

    /** Nodes that start together end up with one key: a lost one, a rotated one, the first. */
    @Test
    void ofSeveralWhoAskAtOnceAllGetTheSame() throws SQLException {
        callKey(keys);
        Dialect dialect = Dialect.of(place.settings());
        try (Connection keepsItAlive = place.connect()) {
            for (String names : List.of("k2", "k3 k2", "k4")) {
                place.execute("DELETE FROM pactor_secret WHERE name = "
                    + (names.equals("k4") ? "'call-token'" : "'encryption-key/k1'"));
                TestKeys ring = new TestKeys(names.split(" "));
                List<CompletableFuture<byte[]>> asked = IntStream.range(0, 8)
                    .mapToObj(i -> CompletableFuture.supplyAsync(() -> {
                        try (Connection connection = place.connect()) {
                            return SharedKey.CALL_TOKENS.get(
                                connection, dialect, ring, ring.current());
                        } catch (SQLException e) {
                            throw new IllegalStateException(e);
                        }
                    })).toList();
                byte[] one = asked.get(0).join();
                asked.forEach(each -> assertArrayEquals(one, each.join()));
                assertEquals(names.split(" ")[0], keptBy());
            }
            assertFalse(keepsItAlive.isClosed());
        }
    }

    private byte[] callKey(Keyring ring) {
        return callKey(ring, "");
    }

    private byte[] callKey(Keyring ring, String accepted) {
        try (Database database = open(ring, accepted)) {
            return database.callKey();
        }
    }

    private Database open(Keyring ring, String accepted) {
        return Database.open(
            place.settings().encrypting(new EncryptionSettings(ring, Duration.ZERO, accepted)),
            H2Files.meter());
    }

    private String keptBy() {
        return keptBy("call-token");
    }

    private String keptBy(String row) {
        return Optional.of(held(row)).filter(held -> held.length != SharedKey.BYTES)
            .map(Envelope::keyName).orElse(CLEAR);
    }

    private byte[] held() {
        return held("call-token");
    }

    private byte[] held(String row) {
        try (Connection connection = place.connect()) {
            return SecretTable.find(connection, row);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private List<String> secrets() {
        return place.query("SELECT name, content FROM pactor_secret ORDER BY name");
    }
}

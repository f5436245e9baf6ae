package store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import transaction.Hold;
import transaction.Holds;
import transaction.InvalidRequest;
import transaction.Limits;

/** Participants that nobody calls for a while. */
@ParameterizedClass(name = "{0}")
@MethodSource("database.Databases#all")
class HoldTableTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    @TempDir
    Path dir;

    @Parameter
    String kind;

    private Place place;
    private Database database;
    private Instant now = NOON;
    private final InstantSource source = () -> now;
    private HoldTable holds;

    @BeforeEach
    void open() {
        place = Place.fresh(kind, dir);
        reopen();
    }

    private void reopen() {
        database = Database.open(place.settings(), H2Files.meter());
        holds = HoldTable.open(database, source.withZone(ZoneOffset.UTC));
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void a_host_is_held_with_each_port_and_a_port_alone() {
        assertTrue(get(holds.hold("stock", null, "moving", "ada")));
        assertTrue(get(holds.hold("bank:8080", null, "", "")));

        assertHeld(true, "http://stock/x", "http://stock:81/x", "https://STOCK/y",
            "stock:9000/pkg.S/M", "http://bank:8080/");
        assertHeld(false, "http://bank/", "http://stocks/x", "bank:9000/pkg.S/M");
        assertEquals("stock is paused: moving",
            get(holds.of("http://stock/x")).orElseThrow().text());
    }

    @Test
    void all_of_them_are_held_at_once() {
        assertTrue(get(holds.hold(Hold.ALL, NOON.plusSeconds(60), "", "ada")));
        assertHeld(true, "http://stock/x", "bank:9000/pkg.S/M");
        assertTrue(get(holds.release(Hold.ALL)));
        assertFalse(get(holds.release(Hold.ALL)));
        assertHeld(false, "http://stock/x");
    }

    @Test
    void it_ends_by_itself_and_holds_after_a_restart() {
        get(holds.hold("stock", NOON.plusSeconds(60), "moving", "ada"));
        database.close();
        reopen();

        assertEquals(List.of(new Hold("stock", NOON.plusSeconds(60), "moving", "ada", NOON)),
            get(holds.all()));
        assertHeld(true, "http://stock/x");
        now = NOON.plusSeconds(60);
        assertHeld(false, "http://stock/x");
        assertEquals(List.of(), get(holds.all()));
    }

    @Test
    void said_again_it_changes_nothing_but_another_end_does() {
        assertTrue(get(holds.hold("stock", NOON.plusSeconds(60), "", "ada")));
        assertFalse(get(holds.hold("stock", NOON.plusSeconds(60), "", "bob")));
        assertTrue(get(holds.hold("stock", null, "", "bob")));
        assertThrows(InvalidRequest.class, () -> holds.hold("stock", NOON, "", "ada"));
        Instant last = NOON.plus(Limits.PAUSE_MAX);
        assertTrue(get(holds.hold("stock", last, "", "ada")));
        assertThrows(InvalidRequest.class,
            () -> holds.hold("stock", last.plusMillis(1), "", "ada"));
    }

    @Test
    void as_many_are_held_as_may_be_and_what_is_over_makes_room() {
        for (int i = 0; i < Limits.HOLDS; i++) {
            assertTrue(get(holds.hold("h" + i, NOON.plusSeconds(60 + i), "", "")));
        }
        CompletionException full = assertThrows(CompletionException.class,
            () -> get(holds.hold("more", null, "", "")));
        assertTrue(full.getCause() instanceof Holds.TooMany, full.toString());
        assertTrue(get(holds.hold("h0", NOON.plusSeconds(61), "", "")), "it is one of them");
        assertHeld(false, "http://more/");
        assertEquals(Limits.HOLDS, rows());

        now = NOON.plusSeconds(61);
        assertTrue(get(holds.hold("more", null, "", "")));
        assertHeld(true, "http://more/", "http://h2/");
        assertEquals(Limits.HOLDS - 1, rows(), "two were over");
    }

    @Test
    void two_may_hold_one_at_once() {
        List<CompletionStage<Boolean>> asked = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            asked.add(holds.hold("stock", NOON.plusSeconds(1 + i % 4), "", "ada"));
        }
        asked.forEach(HoldTableTest::get);
        assertEquals(1, rows());
    }

    private int rows() {
        return database.read(connection -> {
            try (var statement = connection.createStatement();
                    var row = statement.executeQuery("SELECT COUNT(*) FROM pactor_hold")) {
                row.next();
                return row.getInt(1);
            }
        }).join();
    }

    /** As after a restart: all that is open is read back. */
    @Test
    void while_histories_are_read_it_is_known_all_the_same() {
        get(holds.hold("stock", null, "", "ada"));
        CountDownLatch over = new CountDownLatch(1);
        try {
            for (int i = 0; i < place.settings().poolSize(); i++) {
                database.read(Lane.ENGINE, connection -> await(over));
            }
            holds = HoldTable.open(database, source.withZone(ZoneOffset.UTC));
            assertHeld(true, "http://stock/x");
            assertHeld(false, "http://bank/x");
        } finally {
            over.countDown();
        }
    }

    @Test
    void a_read_that_is_late_stays_the_only_one() {
        CountDownLatch over = new CountDownLatch(1);
        try {
            HoldTable unread = new HoldTable(
                database, source.withZone(ZoneOffset.UTC), Duration.ofMillis(1));
            database.read(Lane.FENCE, connection -> await(over));
            for (int i = 0; i < 100; i++) {
                assertThrows(CompletionException.class, () -> get(unread.of("http://stock/x")));
            }
            CompletableFuture<String> another = database.read(Lane.FENCE, connection -> "done");
            over.countDown();
            assertEquals("done", get(another), "there is room for what waits behind it");
            assertEquals(Optional.empty(), get(unread.of("http://stock/x")));
        } finally {
            over.countDown();
        }
    }

    private static boolean await(CountDownLatch latch) {
        try {
            latch.await();
            return true;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void a_reason_may_have_any_character() {
        assertTrue(get(holds.hold("stock", null, "a\0b", "ada\0")));
        assertEquals(1, get(holds.all()).size());
        assertHeld(true, "http://stock/x");
    }

    @Test
    void what_another_node_holds_is_seen() {
        assertHeld(false, "http://stock/x");
        get(HoldTable.open(database, Clock.fixed(NOON, ZoneOffset.UTC))
            .hold("stock", null, "", ""));
        org.awaitility.Awaitility.await().until(
            () -> get(holds.of("http://stock/x")).isPresent());
    }

    private void assertHeld(boolean expected, String... urls) {
        for (String url : urls) {
            assertEquals(expected, get(holds.of(url)).isPresent(), url);
        }
    }

    private static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }
}

package store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import meter.Meter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import transaction.Entry;
import transaction.Event;

/** Group commit: many transactions in one commit, and none pays for another's conflict. */
@ParameterizedClass(name = "{0}")
@MethodSource("database.Databases#all")
class JournalWriterTest {

    @TempDir
    Path dir;

    @Parameter
    String kind;

    private Place place;

    private final SimpleMeterRegistry registry = new SimpleMeterRegistry();
    private Database database;

    @BeforeEach
    void open() {
        place = Place.fresh(kind, dir);
        database = Database.open(place.settings(), Meter.over(registry));
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void many_at_once_share_commits_and_all_are_there() {
        List<CompletableFuture<Void>> writes = IntStream.range(0, 500)
            .mapToObj(i -> Journals.append(database, "g" + i, Samples.sagaThatSucceeds("g" + i)))
            .toList();
        writes.forEach(CompletableFuture::join);

        DistributionSummary groups = registry.get("pactor.journal.append.entries").summary();
        assertEquals(1_500, groups.totalAmount());
        assertTrue(groups.count() < 300, "groups: " + groups.count());
        for (int i = 0; i < 500; i++) {
            assertEquals(events(Samples.sagaThatSucceeds("g" + i)),
                events(Journals.read(database, "g" + i).entries()));
        }
        assertEquals(List.of("500 succeed 3"), place.query(
            "SELECT COUNT(*), status, ordinal FROM pactor_transaction GROUP BY status, ordinal"));
    }

    @Test
    void what_is_confirmed_can_be_read_at_once() {
        for (int i = 0; i < 50; i++) {
            Journals.append(database, "g", i + 1, i == 0 ? Samples.opened("g") : hurried("g"))
                .join();
            assertEquals(i + 1, Journals.lastOrdinal(database, "g"));
        }
    }

    @Test
    void a_taken_ordinal_fails_its_own_transaction_only() {
        List<String> gids = IntStream.range(0, 500).mapToObj(i -> "busy" + i).toList();
        join(gids.stream().map(gid -> Journals.append(database, gid, 1, Samples.opened(gid))));
        place.execute("INSERT INTO pactor_journal SELECT id, 2, 1, 0, 0, ?"
            + " FROM pactor_transaction WHERE gid = 'busy123'", new byte[1]);

        for (int ordinal = 2; ordinal <= 4; ordinal++) {
            assertEquals(List.of("busy123"), failed(gids, ordinal));
        }

        assertEquals(List.of("499 4"), place.query("SELECT COUNT(*), ordinal"
            + " FROM pactor_transaction WHERE gid <> 'busy123' GROUP BY ordinal"));
        assertEquals(1, Journals.lastOrdinal(database, "busy123"));
    }

    @Test
    void one_gid_is_opened_once() {
        join(Stream.of(Journals.append(database, "g", 1, Samples.opened("g"))));

        CompletableFuture<Void> second = Journals.append(database, "g", 1, Samples.opened("g"));
        CompletableFuture<Void> beside = Journals.append(database, "h", 1, Samples.opened("h"));

        assertInstanceOf(SQLException.class, causeOf(second));
        beside.join();
        assertEquals(1, Journals.lastOrdinal(database, "g"));
    }

    @Test
    void an_ordinal_is_not_skipped() {
        Journals.append(database, "g", 1, Samples.opened("g")).join();

        assertInstanceOf(SQLException.class,
            causeOf(Journals.append(database, "g", 3, hurried("g"))));
        assertInstanceOf(SQLException.class,
            causeOf(Journals.append(database, "unopened", 2, hurried("unopened"))));
        assertEquals(1, Journals.lastOrdinal(database, "g"));
    }

    /** As after a fail-over to a standby that lacked the last commits. */
    @Test
    void what_the_database_has_lost_is_counted_and_what_others_wrote_is_not() {
        Stream.of("kept", "back", "gone", "ahead").forEach(gid ->
            Journals.append(database, gid, Samples.sagaThatSucceeds(gid)).join());
        place.execute("DELETE FROM pactor_journal WHERE ordinal = 3 AND transaction_id ="
            + " (SELECT id FROM pactor_transaction WHERE gid = 'back')");
        place.execute("UPDATE pactor_transaction SET ordinal = 2 WHERE gid = 'back'");
        place.execute("DELETE FROM pactor_transaction WHERE gid = 'gone'");

        List<CompletableFuture<Void>> writes = List.of(
            Journals.append(database, "kept", 4, hurried("kept")),
            Journals.append(database, "back", 4, hurried("back")),
            Journals.append(database, "gone", 4, hurried("gone")),
            Journals.append(database, "ahead", 2, hurried("ahead")));

        writes.get(0).join();
        writes.subList(1, 4).forEach(write -> assertInstanceOf(SQLException.class, causeOf(write)));
        assertEquals(2, registry.get("pactor.journal.set.back").counter().count());
    }

    @Test
    void two_writes_of_one_gid_keep_their_order() {
        CompletableFuture<Void> first = Journals.append(database, "g", 1, Samples.opened("g"));
        CompletableFuture<Void> second = Journals.append(database, "g", 2, hurried("g"));
        CompletableFuture<Void> third = Journals.append(database, "g", 3, hurried("g"));

        CompletableFuture.allOf(first, second, third).join();
        assertEquals(3, Journals.lastOrdinal(database, "g"));
    }

    @Test
    void a_write_in_several_entries_is_one() {
        database.write(Append.of("g", 1, Samples.sagaThatSucceeds("g"), null)).toCompletableFuture()
            .join();

        assertEquals(events(Samples.sagaThatSucceeds("g")),
            events(Journals.read(database, "g").entries()));
    }

    @Test
    void what_cannot_be_an_entry_is_refused_before_it_is_queued() {
        assertThrows(IllegalArgumentException.class, () -> Append.of("g", 1,
            List.of(new Entry(List.of(new Event.Hurried(Samples.START)), null)), null));
        Entry quarantined = new Entry(List.of(new Event.Quarantined("why", Samples.START)),
            Samples.opened("g").summary());
        assertThrows(IllegalArgumentException.class,
            () -> Append.of("g", 1, List.of(quarantined), null));
    }

    @Test
    void a_large_entry_is_written_whole() {
        Entry large = Samples.opened(Samples.large("g", 3 << 20), Samples.START);

        Journals.append(database, "g", 1, large).join();

        assertEquals(large.events(), Journals.read(database, "g").entries().get(0).events());
    }

    @Test
    void a_full_queue_refuses_at_once() throws Exception {
        database.close();
        StoreSettings settings = place.settings();
        database = Database.open(new StoreSettings(settings.jdbcUrl(), settings.user(),
            settings.password(), 5, false, 1, 2, settings.timeouts()), Meter.over(registry));

        List<CompletableFuture<Void>> writes = IntStream.range(0, 200)
            .mapToObj(i -> Journals.append(database, "g" + i, 1, Samples.opened("g" + i)))
            .toList();

        long refused = writes.stream().filter(write -> causeOf(write) != null)
            .peek(write -> assertInstanceOf(RejectedExecutionException.class, causeOf(write)))
            .count();
        assertTrue(refused > 0);
        assertEquals(List.of(Long.toString(200 - refused)),
            place.query("SELECT COUNT(*) FROM pactor_transaction"));
    }

    @Test
    void with_power_loss_in_mind_it_writes_the_same() {
        database.close();
        database = Database.open(
            place.settings().powerLossSafe(true), Meter.over(registry));

        join(IntStream.range(0, 20).mapToObj(i ->
            Journals.append(database, "g" + i, Samples.sagaThatSucceeds("g" + i))));
        database.close();

        assertEquals(List.of("20"), place.query("SELECT COUNT(*) FROM pactor_transaction"));
    }

    @Test
    void what_is_queued_when_it_closes_is_written() {
        List<CompletableFuture<Void>> writes = IntStream.range(0, 100)
            .mapToObj(i -> Journals.append(database, "g" + i, 1, Samples.opened("g" + i)))
            .toList();

        database.close();

        writes.forEach(CompletableFuture::join);
        assertEquals(List.of("100"),
            place.query("SELECT COUNT(*) FROM pactor_journal"));
    }

    @Test
    void journal_and_index_agree_at_any_moment() {
        join(IntStream.range(0, 100).mapToObj(i -> Journals.append(database, "g" + i,
            Samples.sagaThatSucceeds("g" + i).subList(0, 1 + i % 3))));

        // C9: unfinished if and only if there is a due row.
        assertEquals(List.of(), place.query("SELECT gid FROM pactor_transaction"
            + " WHERE quarantine = ''"
            + " AND (status IN ('prepared', 'submitted', 'aborting')) <> (due_at IS NOT NULL)"));
        // C8: the ordinals run from 1 to the one of the index.
        assertEquals(List.of(), place.query("SELECT gid FROM pactor_transaction t"
            + " LEFT JOIN (SELECT transaction_id, COUNT(*) n, MAX(ordinal) last FROM pactor_journal"
            + " GROUP BY transaction_id) j ON j.transaction_id = t.id"
            + " WHERE n IS NULL OR n <> t.ordinal OR last <> t.ordinal"));
    }

    /** Lets them all write. Another one is wrong on purpose: {@link SeededStoreBugsTest}. */
    Map<String, CompletableFuture<Void>> group(List<String> gids, int ordinal) {
        Map<String, CompletableFuture<Void>> writes = new LinkedHashMap<>();
        gids.forEach(gid ->
            writes.put(gid, Journals.append(database, gid, ordinal, hurried(gid))));
        return writes;
    }

    /** Lets them all write at once, and says whose write failed. */
    private List<String> failed(List<String> gids, int ordinal) {
        Map<String, CompletableFuture<Void>> writes = group(gids, ordinal);
        writes.values().removeIf(write -> causeOf(write) == null);
        writes.values().forEach(write -> assertInstanceOf(SQLException.class, causeOf(write)));
        return List.copyOf(writes.keySet());
    }

    private static Entry hurried(String gid) {
        Entry opened = Samples.opened(gid);
        return new Entry(List.of(new Event.Hurried(Samples.START)), opened.summary());
    }

    private static List<List<Event>> events(List<Entry> entries) {
        return entries.stream().map(Entry::events).toList();
    }

    private static void join(Stream<CompletableFuture<Void>> writes) {
        writes.toList().forEach(CompletableFuture::join);
    }

    /** What the write failed with, null if it did not. */
    private static Throwable causeOf(CompletableFuture<Void> write) {
        try {
            write.join();
            return null;
        } catch (CompletionException e) {
            assertFalse(e.getCause() instanceof AssertionError);
            return e.getCause();
        }
    }
}

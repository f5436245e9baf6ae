package store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import database.DatabaseServer;
import database.Databases;
import database.FaultProxy;
import database.FaultProxy.Cut;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.Connection;
import java.sql.DriverManager;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import meter.Meter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import transaction.Entry;
import transaction.Event;

/** The connection breaks between a commit and its answer: looked up, never guessed. */
@ParameterizedClass(name = "{0}")
@ValueSource(strings = {Databases.POSTGRESQL, Databases.MARIADB})
class LostAnswerTest {

    private static final int CUTS = Integer.getInteger("store.cuts", 40);

    @Parameter
    String kind;

    private String direct;
    private FaultProxy proxy;
    private Database database;

    @BeforeEach
    void open() {
        DatabaseServer server = Databases.server(kind);
        direct = Databases.fresh(kind);
        proxy = new FaultProxy(server);
        database = Database.open(StoreSettings.at(proxy.through(direct)).as("pactor", "pactor"),
            Meter.over(new SimpleMeterRegistry()));
    }

    @AfterEach
    void close() {
        database.close();
        proxy.close();
    }

    @Test
    void a_commit_that_happened_is_taken_as_written() {
        writtenAcross(Cut.AFTER);
    }

    @Test
    void a_commit_that_never_came_is_made_again() {
        writtenAcross(Cut.BEFORE);
    }

    @Test
    void a_commit_that_comes_late_is_the_same_write() {
        writtenAcross(Cut.LATE);
    }

    @Test
    void whatever_is_cut_each_entry_is_there_once() throws Exception {
        long seed = Long.getLong("store.seed", System.nanoTime());
        System.out.println("seed " + seed);
        Random random = new Random(seed);
        Cut[] kinds = {Cut.BEFORE, Cut.AFTER};
        List<String> gids = new ArrayList<>();
        for (int i = 0; i < CUTS; i++) {
            proxy.cutNext(kinds[random.nextInt(kinds.length)]);
            List<CompletableFuture<Void>> writes = new ArrayList<>();
            for (int j = 0; j <= random.nextInt(8); j++) {
                String gid = "g" + i + "-" + j;
                gids.add(gid);
                writes.add(Journals.append(database, gid, Samples.sagaThatSucceeds(gid)));
            }
            writes.forEach(CompletableFuture::join);
        }
        assertEquals(CUTS, proxy.done(), "seed " + seed);
        for (String gid : gids) {
            assertEquals(Samples.sagaThatSucceeds(gid).stream().map(Entry::events).toList(),
                Journals.read(database, gid).entries().stream().map(Entry::events).toList(),
                "seed " + seed);
        }
    }

    /** Another's entry in the same place is not taken for one's own. */
    @Test
    void what_another_wrote_meanwhile_is_a_conflict() throws Exception {
        Journals.append(database, "g", 1, Samples.opened("g")).join();
        proxy.cutNext(Cut.BEFORE);
        try (Connection rival = DriverManager.getConnection(direct, "pactor", "pactor");
                var statement = rival.createStatement()) {
            rival.setAutoCommit(false);
            statement.executeUpdate("UPDATE pactor_transaction SET ordinal = 2 WHERE gid = 'g'");
            CompletableFuture<Void> write =
                Journals.append(database, "g", 2, hurried("g", 1));
            rival.commit();
            assertTrue(fails(write));
        }
    }

    private void writtenAcross(Cut how) {
        Journals.append(database, "g", 1, Samples.opened("g")).join();
        proxy.cutNext(how);
        Journals.append(database, "g", 2, hurried("g", 1)).join();
        Journals.append(database, "g", 3, hurried("g", 2)).join();

        assertEquals(1, proxy.done());
        assertEquals(3, Journals.lastOrdinal(database, "g"));
        assertEquals(3, Journals.read(database, "g").entries().size());
    }

    private static Entry hurried(String gid, int seconds) {
        return new Entry(List.of(new Event.Hurried(Samples.START.plusSeconds(seconds))),
            Samples.opened(gid).summary());
    }

    private static boolean fails(CompletableFuture<Void> write) {
        try {
            write.join();
            return false;
        } catch (CompletionException e) {
            return true;
        }
    }
}

package store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import store.NodeTable.Node;
import transaction.Busy;
import transaction.TransactionIndex.Filter;

/** Who reads has threads, connections and a queue of its own, and delays nobody else (K4). */
@ParameterizedClass(name = "{0}")
@MethodSource("database.Databases#all")
class LanesTest {

    private static final Node OWN = new Node("pactor@10.0.0.1:25520", "a1", true, 128, "1");

    @TempDir
    Path dir;

    @Parameter
    String kind;

    private final CountDownLatch over = new CountDownLatch(1);
    private final List<CompletableFuture<?>> stuck = new ArrayList<>();
    private Database database;
    private TransactionTable index;
    private NodeTable nodes;

    @BeforeEach
    void open() {
        database = Database.open(Place.fresh(kind, dir).settings(), H2Files.meter());
        index = new TransactionTable(database);
        nodes = new NodeTable(database);
        get(nodes.enter(OWN));
    }

    @AfterEach
    void close() {
        over.countDown();
        database.close();
    }

    @Test
    void lists_that_wait_delay_neither_the_fence_nor_the_engine() {
        fill(Lane.DESK);

        assertEquals(1, get(nodes.renew(OWN)).size());
        assertEquals(List.of(), get(index.due(Instant.now(), null, 10)));
        assertEquals(new UsageTable.Usage(0, 0), get(new UsageTable(database).of("default")));
        assertEquals(false, get(new UsageTable(database).isKnown("g")));
        Journals.append(database, "g", Samples.sagaThatSucceeds("g")).join();
        assertTrue(stuck.stream().noneMatch(CompletableFuture::isDone));
    }

    @Test
    void a_list_that_finds_no_room_is_refused_at_once_and_every_other_is_answered() {
        fill(Lane.DESK);

        assertBusy(index.list(Filter.ALL, "", 10));
        assertBusy(index.unfinished());
        assertBusy(new TopicTable(database, Clock.systemUTC()).list("", 10));

        over.countDown();
        stuck.forEach(CompletableFuture::join);
        assertEquals(List.of(), get(index.list(Filter.ALL, "", 10)).rows());
    }

    @Test
    void histories_that_wait_delay_neither_the_fence_nor_the_desk() {
        fill(Lane.ENGINE);

        assertEquals(1, get(nodes.renew(OWN)).size());
        assertEquals(List.of(), get(index.list(Filter.ALL, "", 10)).rows());
    }

    @Test
    void the_lanes_and_the_writer_share_all_connections_and_each_has_one() {
        for (int size : new int[] {5, 6, 7, 8, 20, 1_000}) {
            StoreSettings settings = sized(size);
            assertEquals(size - 1, Arrays.stream(Lane.values())
                .mapToInt(lane -> lane.connections(settings)).sum());
            assertTrue(Stream.of(Lane.values()).allMatch(lane -> lane.connections(settings) > 0));
        }
        assertThrows(StoreException.class, () -> sized(4));
    }

    /** All threads of {@code lane} hold a connection, and all places of its queue are taken. */
    private void fill(Lane lane) {
        StoreSettings settings = sized(7);
        int threads = lane.connections(settings);
        CountDownLatch begun = new CountDownLatch(threads);
        for (int i = 0; i < threads + Math.min(lane.queueMax(settings), 100); i++) {
            stuck.add(database.read(lane, connection -> {
                begun.countDown();
                await(over);
                return null;
            }));
            if (i == threads - 1) {
                await(begun);
            }
        }
    }

    private static StoreSettings sized(int connections) {
        return new StoreSettings("jdbc:h2:mem:x", "u", "", connections, false, 1, 20_000,
            new StoreSettings.Timeouts(java.time.Duration.ofSeconds(1),
                java.time.Duration.ofSeconds(2), java.time.Duration.ofSeconds(1)));
    }

    private static void assertBusy(CompletionStage<?> stage) {
        assertInstanceOf(Busy.class, assertThrows(
            CompletionException.class, () -> stage.toCompletableFuture().join()).getCause());
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }
}

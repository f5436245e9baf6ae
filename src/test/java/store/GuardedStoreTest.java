package store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import health.Guard;
import health.NodeFailure;
import java.nio.file.Path;
import java.util.AbstractList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A thread of the store meets an Error: nobody waits for ever, and the node hears of it. */
class GuardedStoreTest {

    @TempDir
    Path dir;

    final Guard guard = Guard.passive();
    Database database;

    @BeforeEach
    void open() {
        database = Database.open(H2Files.settings(dir), H2Files.meter(), guard);
    }

    @AfterEach
    void close() {
        database.close();
    }

    @Test
    void anErrorInTheWritersLoopFailsWhatIsQueuedAndWhatComesLater() throws Exception {
        Journals.append(database, "before", 1, Samples.opened("before")).join();
        List<CompletableFuture<Void>> queued = IntStream.range(0, 50)
            .mapToObj(i -> i == 25 ? poisoned(new OutOfMemoryError("Java heap space"))
                : append("g" + i))
            .toList();

        assertInstanceOf(StoreException.class, causeOf(queued.get(25)));
        assertEquals("the thread pactor-journal-writer has failed:"
            + " java.lang.OutOfMemoryError: Java heap space", told().getMessage());
        for (CompletableFuture<Void> each : queued) {
            each.handle((done, thrown) -> null).get(patience(), TimeUnit.MILLISECONDS);
        }
        assertInstanceOf(StoreException.class, causeOf(append("later")));
        assertEquals(1, Journals.lastOrdinal(database, "before"));
    }

    @Test
    void aClassThatCannotBeLoadedIsSuchAnError() throws Exception {
        assertInstanceOf(StoreException.class,
            causeOf(poisoned(new NoClassDefFoundError("store/Missing"))));
        assertEquals("the thread pactor-journal-writer has failed:"
            + " java.lang.NoClassDefFoundError: store/Missing", told().getMessage());
    }

    @Test
    void anErrorInAReadIsItsAnswerAndIsTold() throws Exception {
        CompletableFuture<Object> read = read(connection -> {
            throw new OutOfMemoryError("Java heap space");
        });
        assertInstanceOf(StoreException.class, causeOf(read));
        assertTrue(told().getMessage().endsWith("OutOfMemoryError: Java heap space"));
    }

    @Test
    void aStackThatOverflowsFailsItsReadAlone() throws Exception {
        CompletableFuture<Object> read = database.read(connection -> {
            throw new StackOverflowError();
        });
        assertInstanceOf(StoreException.class, causeOf(read));
        assertEquals(Optional.empty(), guard.trouble());
        assertEquals("read", database.read(connection -> "read").get(10, TimeUnit.SECONDS));
    }

    /** Writes. Another way is wrong on purpose: {@link SeededStoreBugsTest}. */
    CompletableFuture<Void> append(String gid) {
        return Journals.append(database, gid, 1, Samples.opened(gid));
    }

    /** Reads; likewise. */
    <T> CompletableFuture<T> read(ReadPool.Query<T> query) {
        return database.read(query);
    }

    /** In milliseconds. */
    long patience() {
        return 10_000;
    }

    /** A write whose rows throw when the writer looks at them. */
    private CompletableFuture<Void> poisoned(Error error) {
        List<Append.Row> rows = new AbstractList<>() {
            @Override
            public Append.Row get(int index) {
                throw error;
            }

            @Override
            public int size() {
                return 1;
            }
        };
        return database.write(new Append(
            "poisoned", rows, null, false, false, new CompletableFuture<>())).toCompletableFuture();
    }

    private NodeFailure told() throws Exception {
        return guard.failed().toCompletableFuture().get(patience(), TimeUnit.MILLISECONDS);
    }

    private Throwable causeOf(CompletableFuture<?> future) {
        return assertThrows(ExecutionException.class,
            () -> future.get(patience(), TimeUnit.MILLISECONDS)).getCause();
    }
}

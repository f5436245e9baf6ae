package store;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import transaction.Attempts;
import transaction.CallKey;
import transaction.CallRecord;
import transaction.Limits;
import transaction.Op;
import transaction.Outcome;

/** Whoever calls does not know how often it has; what is kept stays bounded all the same. */
@ParameterizedClass(name = "{0}")
@MethodSource("database.Databases#all")
class EndlessCallsTest {

    private static final CallKey FIRST = new CallKey("01", Op.ACTION);
    private static final CallRecord BUSY = new CallRecord("503 Service Unavailable", "", "", "");

    @TempDir
    private Path dir;

    @Parameter
    private String kind;

    private Database database;

    @BeforeEach
    void open() {
        database = Database.open(Place.fresh(kind, dir).settings(), H2Files.meter());
    }

    @AfterEach
    void close() {
        database.close();
    }

    /** A workflow that is called back over and over, and answers each time. */
    @Test
    void calledEndlesslyWithoutARecordNoMoreAreKeptThanMayBe() {
        int all = Limits.ATTEMPTS_FIRST + Limits.ATTEMPTS_LAST;
        CalledSaga saga = new CalledSaga(database, "g");
        for (int i = 1; i <= all + 10; i++) {
            saga.number = 0;
            saga.notes(FIRST, Outcome.SUCCESS.with(BUSY));
        }

        Awaitility.await().until(() -> {
            List<Integer> numbers = numbers();
            return !numbers.isEmpty() && numbers.get(numbers.size() - 1) == all + 10;
        });
        assertTheFirstAndTheLast(all + 10);
    }

    /** A participant at work, each time for longer than its transaction stays in memory. */
    @Test
    void calledEndlesslyByWhoForgetsItNoMoreAreKeptThanMayBe() {
        int all = Limits.ATTEMPTS_FIRST + Limits.ATTEMPTS_LAST;
        CalledSaga saga = new CalledSaga(database, "g");
        for (int i = 1; i <= all + 3; i++) {
            saga.number = 0;
            saga.fails(FIRST, BUSY);
        }

        assertTheFirstAndTheLast(all + 3);
    }

    private void assertTheFirstAndTheLast(int last) {
        List<Integer> kept = new ArrayList<>();
        IntStream.rangeClosed(1, Limits.ATTEMPTS_FIRST).forEach(kept::add);
        IntStream.rangeClosed(last - Limits.ATTEMPTS_LAST + 1, last).forEach(kept::add);
        assertEquals(kept, numbers());
        assertEquals(List.of(new Attempts.Skipped(FIRST, last - kept.size())),
            list().skipped());
    }

    private List<Integer> numbers() {
        return list().kept().stream().map(Attempts.Kept::number).toList();
    }

    private Attempts.Page list() {
        return new AttemptTable(database).list("g", Attempts.Filter.ALL, "", Limits.PAGE_ROWS)
            .toCompletableFuture().join().orElseThrow();
    }
}

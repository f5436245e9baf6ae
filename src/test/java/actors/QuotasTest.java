package actors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import meter.Meter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import transaction.Command;
import transaction.Mode;
import transaction.Reply;
import transaction.Submission;
import transaction.TransactionId;

/** A namespace begins as much as its quota says and no more; what has begun goes on. */
class QuotasTest {

    private final AtomicLong nanos = new AtomicLong(1);
    private final Map<String, Long> open = new HashMap<>();
    private final Set<String> known = new HashSet<>();
    private final Meter meter = Meter.create();
    private CompletableFuture<Quotas.Usage> counted;
    private int counts;
    private List<Quota> all = List.of();

    private final Quotas quotas = new Quotas(() -> all, new Quotas.Sources(
        namespace -> {
            counts++;
            return counted != null ? counted : CompletableFuture.completedFuture(
                new Quotas.Usage(open.getOrDefault(namespace, 0L),
                    1_000 * open.getOrDefault(namespace, 0L)));
        },
        id -> CompletableFuture.completedFuture(known.contains(id))), meter, nanos::get);

    private void quota(String... texts) {
        all = List.of(texts).stream().map(Quota::of).toList();
    }

    private static Command begin(String id) {
        Submission asked = Submission.bare("g", Mode.TCC);
        return new Command.Prepare(asked.in(TransactionId.namespaceOf(id)));
    }

    private Quotas.Verdict ask(String id) {
        return quotas.enter(id, begin(id)).toCompletableFuture().join();
    }

    /** Whether it began; if so it is on record afterwards. */
    private boolean begins(String id) {
        Quotas.Verdict verdict = ask(id);
        if (verdict.refusal() != null) {
            assertTrue(verdict.refusal() instanceof Reply.Overloaded, verdict.toString());
            return false;
        }
        known.add(id);
        open.merge(TransactionId.namespaceOf(id), 1L, Long::sum);
        verdict.leave().run();
        return true;
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    @Test
    void asManyMayBeOpenAsItSaysAndNoMore() {
        quota("orders open=3");
        for (int i = 0; i < 3; i++) {
            assertTrue(begins("orders\tg" + i));
        }
        assertEquals(false, begins("orders\tg3"));
        pass(Duration.ofSeconds(2));
        assertEquals(false, begins("orders\tg3"));
        open.merge("orders", -1L, Long::sum);
        pass(Duration.ofMillis(100));
        assertTrue(begins("orders\tg3"));
        assertEquals(false, begins("orders\tg4"));
    }

    @Test
    void whatIsOnRecordGoesOn() {
        quota("orders open=1 starts=1");
        assertTrue(begins("orders\tg"));
        assertEquals(false, begins("orders\th"));
        assertEquals(null, ask("orders\tg").refusal());
        known.add("orders\tfrom-another-node");
        assertEquals(null, ask("orders\tfrom-another-node").refusal());
        Command look = new Command.Look("orders\th");
        assertEquals(null, quotas.enter("orders\th", look).toCompletableFuture().join()
            .refusal());
        assertEquals(null, quotas.enter("orders\th", new Command.Submit(
            Submission.bare("h", Mode.SAGA).in("orders"), true)).toCompletableFuture().join()
            .refusal());
    }

    @Test
    void othersAreNotConcerned() {
        quota("orders open=1");
        assertTrue(begins("orders\tg"));
        assertEquals(false, begins("orders\th"));
        assertTrue(begins("stock\tg"));
        assertTrue(begins("g"));
        quota("orders open=1", "* open=1");
        assertEquals(false, begins("h"));
        assertTrue(begins("new\tg"));
        assertEquals(false, begins("new\th"));
    }

    @Test
    void startsAreCountedBySecond() {
        quota("orders starts=5");
        for (int i = 0; i < 5; i++) {
            assertTrue(begins("orders\ta" + i));
        }
        assertEquals(false, begins("orders\tb"));
        pass(Duration.ofMillis(200));
        assertTrue(begins("orders\tb"));
        assertEquals(false, begins("orders\tc"));
        pass(Duration.ofHours(1));
        for (int i = 0; i < 5; i++) {
            assertTrue(begins("orders\td" + i));
        }
        assertEquals(false, begins("orders\te"));
    }

    /** One of {@link Submission#bare} counts for 1,024 bytes until it is on record. */
    @Test
    void bytesOfAllThatIsOpenCount() {
        quota("orders bytes=3072");
        open.put("orders", 2L);
        assertTrue(begins("orders\tg"));
        pass(Duration.ofSeconds(1));
        assertEquals(false, begins("orders\th"));
        quota("orders bytes=4024");
        assertTrue(begins("orders\th"));
    }

    @Test
    void whatIsUnderWayCountsThoughItIsNotOnRecord() {
        quota("orders open=2");
        Quotas.Verdict first = ask("orders\ta");
        Quotas.Verdict second = ask("orders\tb");
        pass(Duration.ofSeconds(2));
        assertEquals(false, begins("orders\tc"));
        first.leave().run();
        second.leave().run();
        pass(Duration.ofSeconds(2));
        assertTrue(begins("orders\tc"), "neither came on record");
    }

    @Test
    void whoComesWhileItIsCountedWaitsForThatCount() {
        quota("orders open=2");
        counted = new CompletableFuture<>();
        List<CompletableFuture<Quotas.Verdict>> asked = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            String id = "orders\tg" + i;
            asked.add(quotas.enter(id, begin(id)).toCompletableFuture());
        }
        assertTrue(asked.stream().noneMatch(CompletableFuture::isDone));
        counted.complete(new Quotas.Usage(0, 0));
        assertEquals(1, counts);
        assertEquals(2, asked.stream().filter(each -> each.join().refusal() == null).count());
    }

    @Test
    void whoIsFarBelowTheQuotaDoesNotWaitForTheNextCount() {
        quota("orders open=10");
        open.put("orders", 2L);
        assertTrue(begins("orders\ta"), "counted for the first time");
        pass(Duration.ofSeconds(2));
        counted = new CompletableFuture<>();
        assertTrue(quotas.enter("orders\tb", begin("orders\tb")).toCompletableFuture().isDone());
        assertTrue(quotas.enter("orders\tc", begin("orders\tc")).toCompletableFuture().isDone());
        assertEquals(2, counts, "it is counted all the same");

        var half = quotas.enter("orders\td", begin("orders\td")).toCompletableFuture();
        assertTrue(!half.isDone(), "half of it is taken");
        counted.complete(new Quotas.Usage(10, 0));
        assertTrue(half.join().refusal() instanceof Reply.Overloaded);
    }

    /** What is known has to do, as if it could not be counted. */
    @Test
    void nobodyWaitsLongForACount() {
        quota("orders open=2");
        counted = new CompletableFuture<>();
        assertTrue(begins("orders\ta"));
        assertTrue(begins("orders\tb"));
        assertEquals(false, begins("orders\tc"));
        assertEquals(1, counts);
    }

    @Test
    void thatItCannotBeCountedRefusesNobody() {
        quota("orders open=2");
        counted = CompletableFuture.failedFuture(new IllegalStateException("away"));
        assertTrue(begins("orders\ta"));
        assertTrue(begins("orders\tb"));
        assertEquals(false, begins("orders\tc"));
        counted = null;
        assertEquals(false, begins("orders\tc"));
    }

    @Test
    void metricsNameTheNamespace() {
        quota("orders open=1");
        begins("orders\tg");
        begins("orders\th");
        String told = meter.scrape();
        assertTrue(told.contains("pactor_namespace_open_transactions{namespace=\"orders\"} 1"),
            told);
        assertTrue(told.contains("pactor_namespace_refusals{namespace=\"orders\"} 1"), told);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "orders open", "orders open=", "orders open=0",
        "orders open=-1", "orders open=+1", "orders shut=1", "orders open=1x", "a/b open=1"})
    void whatIsNoQuotaIsRefused(String text) {
        assertThrows(IllegalArgumentException.class, () -> Quota.of(text));
    }

    @Test
    void aQuotaIsRead() {
        assertEquals(new Quota("orders", 10, 5, 1_000),
            Quota.of(" orders  open=10 starts=5 bytes=1000 "));
        assertEquals(new Quota("*", 0, 0, 0), Quota.of("*"));
    }
}

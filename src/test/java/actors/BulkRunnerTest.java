package actors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import http.MemoryCoordinator;
import http.RememberedBulks;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.ManualTime;
import org.apache.pekko.actor.typed.ActorRef;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import transaction.Bulk;
import transaction.BulkAction;
import transaction.Bytes;
import transaction.CallKey;
import transaction.Command;
import transaction.Details;
import transaction.Limits;
import transaction.Mode;
import transaction.Op;
import transaction.Options;
import transaction.Outcome;
import transaction.Protocol;
import transaction.Reply;
import transaction.Status;
import transaction.Submission;
import transaction.Unpause;

/** Bulk operations are carried out at their pace, held, and gone on with after a crash. */
class BulkRunnerTest {

    private static final String STUCK = "http://stock/out";

    private static final int PER_SECOND = 100;

    private final ActorTestKit kit = ActorTestKit.create(ManualTime.config());
    private final ManualTime time = ManualTime.get(kit.system());
    private final MemoryCoordinator coordinator = new MemoryCoordinator();
    private final RememberedBulks bulks = new RememberedBulks(coordinator.clock);
    private final AtomicInteger asked = new AtomicInteger();
    private volatile boolean isOurs = true;

    @AfterEach
    void close() {
        kit.shutdownTestKit();
    }

    /** A thousand of them, stuck in twenty ways, take fifty batches, no more. */
    @Test
    void a_thousand_stuck_ones_are_ended_by_one_action() {
        stuck(1_000);
        begin("night", stop(), 1_000);
        start();
        passUntil(() -> done("night") == 1_000);

        assertEquals(Bulk.State.FINISHED, find("night").state());
        assertEquals(new Bulk.Progress(1_000, 1_000, 0, 0), find("night").progress());
        IntStream.range(0, 1_000).forEach(i ->
            assertEquals(Status.FAILED, coordinator.state("g" + i).status()));
        assertEquals(
            Collections.nCopies(1_000 / Limits.BULK_BATCH, Limits.BULK_BATCH), bulks.batches());
        assertTrue(coordinator.index().history("g7", 0, 9).toCompletableFuture().join()
            .toString().contains("settled by hand (bulk night)"));
    }

    @Test
    void what_the_rules_forbid_is_refused_in_their_words() {
        stuck(2);
        send("g0", stop().of("g0"));
        begin("night", new BulkAction(
            BulkAction.Kind.PAUSE, null, "", null, "", "ada"), 3);
        start();
        passUntil(() -> done("night") == 3);
        assertEquals(List.of(
            "g0 refused current status 'failed', it has ended: cannot pause.",
            "g1 succeeded ", "g2 refused " + refusalOf("g2")), items("night"));
    }

    /** The results of its last batch are lost with the node: another one does it again. */
    @Test
    void after_a_crash_another_node_goes_on() {
        stuck(3 * Limits.BULK_BATCH);
        begin("night", new BulkAction(BulkAction.Kind.RESOLVE, new CallKey("01", Op.ACTION),
            "failure", null, "seen", "ada"), 3 * Limits.BULK_BATCH);
        ActorRef<BulkRunner.Message> first = start();
        passUntil(() -> done("night") == Limits.BULK_BATCH, Duration.ZERO);
        bulks.breakWith(new IllegalStateException("the node dies"));
        passUntil(() -> coordinator.state("g" + (2 * Limits.BULK_BATCH - 1)).isFinal());
        assertEquals(Limits.BULK_BATCH, done("night"));
        kit.stop(first);
        bulks.breakWith(null);

        start();
        passUntil(() -> done("night") == 3 * Limits.BULK_BATCH);
        assertEquals(new Bulk.Progress(3 * Limits.BULK_BATCH, 3 * Limits.BULK_BATCH, 0, 0),
            find("night").progress());
        assertEquals(Bulk.State.FINISHED, find("night").state());
    }

    @Test
    void a_pause_is_heeded_with_the_next_batch() {
        stuck(2 * Limits.BULK_BATCH);
        begin("night", stop(), 2 * Limits.BULK_BATCH);
        start();
        passUntil(() -> done("night") == Limits.BULK_BATCH, Duration.ZERO);
        order("night", Bulk.Order.PAUSE);
        passUntil(() -> bulks.looks() >= 4);
        assertEquals(List.of(Limits.BULK_BATCH), bulks.batches());

        order("night", Bulk.Order.RESUME);
        passUntil(() -> done("night") == 2 * Limits.BULK_BATCH);
    }

    @Test
    void its_pace_is_kept() {
        stuck(2 * Limits.BULK_BATCH);
        begin("night", stop(), 2 * Limits.BULK_BATCH);
        start();
        passUntil(() -> done("night") == Limits.BULK_BATCH, Duration.ZERO);
        long passed = passUntil(() -> bulks.batches().size() >= 2, Duration.ofMillis(10));
        assertTrue(passed >= 1_000L * Limits.BULK_BATCH / PER_SECOND, passed + " ms");
    }

    @Test
    void where_another_node_leads_nothing_is_done() {
        stuck(1);
        begin("night", stop(), 1);
        isOurs = false;
        start();
        passUntil(() -> asked.get() >= 3);
        assertEquals(0, bulks.looks());
        isOurs = true;
        passUntil(() -> done("night") == 1);
    }

    @Test
    void what_finds_no_room_is_tried_again_and_fails_in_the_end() {
        stuck(1);
        begin("night", stop(), 1);
        coordinator.answerInstead(CompletableFuture.completedFuture(new Reply.Full("no room")));
        start();
        passUntil(() -> done("night") == 1);
        assertEquals(Limits.BULK_TRIES, bulks.batches().size());
        assertEquals(List.of("g0 failed no room"), items("night"));
    }

    /** What was done is not done again while it cannot be written that it was. */
    @Test
    void results_that_cannot_be_written_are_kept_until_they_can() {
        stuck(2 * Limits.BULK_BATCH);
        begin("night", stop(), 2 * Limits.BULK_BATCH);
        bulks.breakWith(new IllegalStateException("the table is locked"));
        start();
        passUntil(() -> bulks.notes() >= 6);
        assertEquals(1, bulks.looks());
        assertEquals(0, done("night"));

        bulks.breakWith(null);
        passUntil(() -> done("night") == 2 * Limits.BULK_BATCH);
        assertEquals(List.of(Limits.BULK_BATCH, Limits.BULK_BATCH), bulks.batches());
    }

    @Test
    void results_that_cannot_be_written_for_long_are_dropped() {
        stuck(1);
        begin("night", stop(), 1);
        bulks.breakWith(new IllegalStateException("the table is locked"));
        start();
        passUntil(() -> bulks.looks() >= 2, Limits.BULK_NOTE_WAIT_MAX);
        assertTrue(bulks.notes() >= Limits.BULK_NOTE_TRIES, bulks.notes() + " tries");
    }

    @Test
    void a_removal_that_fails_is_tried_an_hour_later() {
        bulks.breakWith(new IllegalStateException("the table is locked"));
        start();
        passUntil(() -> bulks.looks() >= 4);
        assertEquals(1, bulks.forgets());
        coordinator.clock.advance(Limits.BULK_FORGET.plusSeconds(1));
        passUntil(() -> bulks.forgets() >= 2);
    }

    /** No time passes for the actor while the other one is carried out. */
    @Test
    void one_that_is_held_up_keeps_no_other_one_waiting() {
        stuck(3 * Limits.BULK_BATCH);
        coordinator.silence("g0");
        begin("slow", stop(), 1);
        begin("night", new BulkAction(BulkAction.Kind.PARK, null, "", null, "", "ada"),
            3 * Limits.BULK_BATCH);
        start(Integer.MAX_VALUE, Duration.ofMillis(20));
        passUntil(() -> done("night") == 3 * Limits.BULK_BATCH - 1, Duration.ZERO);
        assertEquals(1, triesOf("slow"));
        passUntil(() -> triesOf("slow") >= 2);
    }

    private int triesOf(String id) {
        return bulks.items("default", id, Optional.empty(), 0, 1).toCompletableFuture().join()
            .items().get(0).tries();
    }

    private ActorRef<BulkRunner.Message> start() {
        return start(PER_SECOND, Duration.ofSeconds(5));
    }

    private ActorRef<BulkRunner.Message> start(int perSecond, Duration patience) {
        return kit.spawn(BulkRunner.create(new BulkRunner.Parts(bulks, coordinator,
            coordinator.clock, () -> {
                asked.incrementAndGet();
                return isOurs;
            }, Limits.BULK_LOOK, perSecond, patience, Duration.ofSeconds(5))));
    }

    private void passUntil(BooleanSupplier condition) {
        passUntil(condition, Limits.BULK_LOOK);
    }

    /** @return how much time had to pass for the actor, which may be late; in milliseconds */
    private long passUntil(BooleanSupplier condition, Duration step) {
        long[] passed = {0};
        Awaitility.await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(2))
            .pollDelay(Duration.ZERO).until(() -> {
                boolean isMet = condition.getAsBoolean();
                if (!isMet && !step.isZero()) {
                    time.timePasses(step);
                    passed[0] += step.toMillis();
                }
                return isMet;
            });
        return passed[0];
    }

    private void stuck(int count) {
        for (int i = 0; i < count; i++) {
            String url = STUCK + i % 20;
            coordinator.participant(url, Outcome.unknown("url:" + url + " return code 500: no"));
            send("g" + i, new Command.Submit(new Submission("g" + i, Mode.SAGA,
                List.of(new Submission.Step(url, "", Bytes.utf8("{}"))), "", Protocol.HTTP, "",
                Details.PLAIN, Options.NONE)));
        }
    }

    private static BulkAction stop() {
        return new BulkAction(
            BulkAction.Kind.STOP, null, "failed", null, "settled by hand", "ada");
    }

    private void begin(String id, BulkAction action, int count) {
        bulks.begin(Bulk.begun("default", id, action, "{}", count, coordinator.clock.instant()),
            IntStream.range(0, count).mapToObj(i -> "g" + i).toList());
    }

    private void order(String id, Bulk.Order order) {
        bulks.order("default", id, order, "eve");
    }

    private Bulk find(String id) {
        return bulks.find("default", id).toCompletableFuture().join().orElseThrow();
    }

    private List<String> items(String id) {
        return bulks.items("default", id, Optional.empty(), 0, 100).toCompletableFuture().join()
            .items().stream().map(each -> each.gid() + " " + each.result().wire() + " "
                + each.detail()).toList();
    }

    private String refusalOf(String gid) {
        return ((Reply.Missing) send(gid, new Unpause(gid, ""))).reason();
    }

    private Reply send(String gid, Command command) {
        return coordinator.send(gid, command).toCompletableFuture().join();
    }

    private int done(String id) {
        Bulk.Progress progress = find(id).progress();
        return progress.total() - progress.remaining();
    }
}

package actors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import transaction.Bytes;
import transaction.Command;
import transaction.Details;
import transaction.Mode;
import transaction.Options;
import transaction.Protocol;
import transaction.Reply;
import transaction.Submission;

class AdmissionTest {

    private final List<String> refusals = new ArrayList<>();
    private Admission.Limits limits = new Admission.Limits(5, 3, 2, 10_000,
        Duration.ofSeconds(1));
    private final Admission admission = new Admission(() -> limits, refusals::add);

    @Test
    void oneGidCannotTakeTheRoomOfOthers() {
        assertNull(look("hot"));
        assertNull(look("hot"));

        assertInstanceOf(Reply.Overloaded.class, look("hot"));

        assertNull(look("other"));
        admission.leave("hot", new Command.Look("hot"));
        assertNull(look("hot"));
        assertEquals(List.of("gid"), refusals);
        assertEquals(3, admission.requests());
    }

    @Test
    void theNodeTakesNoMoreThanItsRequests() {
        for (int i = 0; i < 5; i++) {
            assertNull(look("g" + i));
        }

        assertInstanceOf(Reply.Full.class, look("more"));

        limits = new Admission.Limits(6, 3, 2, 10_000,
        Duration.ofSeconds(1));
        assertNull(look("more"));
        assertEquals(List.of("requests"), refusals);
    }

    @Test
    void thoseWhoWaitForParticipantsTakeUpRoomOfTheirOwnOnly() {
        for (int i = 0; i < 3; i++) {
            assertNull(admission.enter("w" + i, abort("w" + i)));
        }

        Reply refusal = admission.enter("more", abort("more"));

        assertEquals("more than 3 clients wait for results here; nothing was done, try again soon",
            assertInstanceOf(Reply.Full.class, refusal).reason());
        assertNull(look("quick"));
        assertEquals(1, admission.requests());
        assertEquals(3, admission.waiting());
        admission.leave("w0", abort("w0"));
        assertNull(admission.enter("more", abort("more")));
        assertEquals(List.of("waiting"), refusals);
    }

    @Test
    void whatWouldBeRefusedIsKnownBeforeItIsRead() {
        for (int i = 0; i < 4; i++) {
            assertNull(look("g" + i));
        }
        assertNull(admission.refusal());
        assertNull(look("last"));

        Reply refusal = admission.refusal();

        assertEquals(refusal, look("more"));
        assertEquals(5, admission.requests(), "whoever asks takes no room");
        admission.leave("last", new Command.Look("last"));
        assertNull(admission.refusal());
        assertEquals(List.of("requests", "requests"), refusals);
    }

    @Test
    void payloadsAreCountedAndTheLargestIsNotLockedOut() {
        assertNull(admission.enter("huge", submit("huge", 20_000)));

        assertInstanceOf(Reply.Full.class, admission.enter("more", submit("more", 1)));

        admission.leave("huge", submit("huge", 20_000));
        assertEquals(0, admission.bytes());
        assertNull(admission.enter("more", submit("more", 1)));
        assertInstanceOf(Reply.Full.class, admission.enter("again", submit("again", 9_000)));
        assertEquals(List.of("bytes", "bytes"), refusals);
    }

    @Test
    void nothingIsLostByManyAtOnce() throws ExecutionException, InterruptedException {
        limits = new Admission.Limits(3, 3, 2, 10_000,
        Duration.ofSeconds(1));
        AtomicInteger refused = new AtomicInteger();
        Admission crowded = new Admission(() -> limits, reason -> refused.incrementAndGet());
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                String gid = "g" + i % 2;
                all.add(threads.submit(() -> {
                    for (int n = 0; n < 5_000; n++) {
                        Command command = submit(gid, n % 100);
                        if (crowded.enter(gid, command) == null) {
                            crowded.leave(gid, command);
                        }
                    }
                }));
            }
            for (Future<?> each : all) {
                each.get();
            }
        } finally {
            threads.shutdownNow();
        }
        assertEquals(0, crowded.requests());
        assertEquals(0, crowded.bytes());
        assertNull(crowded.enter("g0", new Command.Look("g0")));
        assertNull(crowded.enter("g0", new Command.Look("g0")));
        assertInstanceOf(Reply.Overloaded.class, crowded.enter("g0", new Command.Look("g0")));
    }

    private Reply look(String gid) {
        return admission.enter(gid, new Command.Look(gid));
    }

    private static Command abort(String gid) {
        return new Command.Abort(gid, Optional.empty(), "");
    }

    private static Command submit(String gid, int bytes) {
        return new Command.Submit(new Submission(gid, Mode.SAGA,
            List.of(new Submission.Step("http://a", "", Bytes.of(new byte[bytes]))),
            "", Protocol.HTTP, "", Details.PLAIN, Options.NONE));
    }
}

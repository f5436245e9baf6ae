package audit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Nothing is done before it is on record, and nobody is told before its result is. */
class AuditTest {

    private static final Act INTENT = Act.intent(
        new Who("alice", "operator", "token", "10.0.0.7"), "stop", "gid=g", "why");

    private final MemoryLog log = new MemoryLog();
    private final Audit audit = new Audit(log, Audit.Reads.ADMIN, Runnable::run);
    private final List<String> done = new ArrayList<>();

    /** Something that is done at once. */
    private final Audit.Doing<String> doing = new Audit.Doing<>() {
        @Override
        public CompletionStage<String> state() {
            return CompletableFuture.completedFuture(done.isEmpty() ? "before" : "after");
        }

        @Override
        public CompletionStage<String> act() {
            done.add("done");
            return CompletableFuture.completedFuture("answer");
        }

        @Override
        public String result(String answer) {
            return "200";
        }
    };

    @Test
    void theIntentComesBeforeTheActAndTheResultBeforeTheAnswer() {
        log.hold();
        CompletableFuture<String> answer =
            audit.carryOut(INTENT, doing).toCompletableFuture();
        assertEquals(List.of("intent|alice|token|stop|gid=g|why|before||"), log.lines());
        assertEquals(List.of(), done);
        log.release();
        assertEquals(List.of("done"), done);
        assertEquals("result|alice|token|stop|gid=g|why|before|after|200", log.lines().get(1));
        assertEquals(1, log.acts().get(1).about());
        assertFalse(answer.isDone());
        log.release();
        assertEquals("answer", answer.join());
    }

    @Test
    void whatCannotBePutOnRecordIsNotDone() {
        log.failAfter(0);
        String said = failure(audit.carryOut(INTENT, doing));
        assertEquals(List.of(), done);
        assertEquals("the audit log cannot be written: nothing was done, try again", said);
    }

    /** What a database that goes away in between leaves: the same as a kill does. */
    @Test
    void anActWithoutAResultIsNotToldAsDone() {
        log.failAfter(1);
        String said = failure(audit.carryOut(INTENT, doing));
        assertEquals(List.of("done"), done);
        assertTrue(said.contains("may or may not have happened"), said);
        assertEquals(1, log.acts().size());
    }

    @Test
    void aReadIsOnRecordBeforeItIsHandedOut() {
        log.hold();
        CompletableFuture<String> answer = audit.read(INTENT,
            () -> CompletableFuture.completedFuture("payload"), read -> "200")
            .toCompletableFuture();
        assertFalse(answer.isDone());
        log.release();
        assertEquals("payload", answer.join());
        assertEquals(List.of("read|alice|token|stop|gid=g|why|||200"), log.lines());
        log.failAfter(1);
        assertTrue(failure(audit.read(INTENT,
            () -> CompletableFuture.completedFuture("payload"), read -> "200"))
            .contains("nothing was done"));
    }

    @Test
    void whoseReadsAreOnRecordIsASetting() {
        assertTrue(audit.notesReads(true));
        assertFalse(audit.notesReads(false));
        assertTrue(new Audit(log, Audit.Reads.ALL, Runnable::run).notesReads(false));
        assertFalse(new Audit(log, Audit.Reads.OFF, Runnable::run).notesReads(true));
    }

    @Test
    void refusalsAreFewAndNeverFail() {
        Act refusal = Act.refusal(INTENT.who(), "stop", "", "403");
        for (int i = 0; i <= FewRefusals.MOST; i++) {
            audit.refused(refusal);
        }
        assertEquals(FewRefusals.MOST, log.acts().size());
        log.failAfter(0);
        new Audit(log, Audit.Reads.OFF, Runnable::run).refused(refusal);
    }

    @Test
    void whatIsLeftOutIsCounted() {
        AtomicLong now = new AtomicLong();
        FewRefusals few = new FewRefusals(now::get);
        for (int i = 0; i < FewRefusals.MOST; i++) {
            assertEquals(OptionalLong.of(0), few.next());
        }
        for (int i = 0; i < 3; i++) {
            assertEquals(OptionalLong.empty(), few.next());
        }
        now.set(60_000_000_000L);
        assertEquals(OptionalLong.of(3), few.next());
        assertEquals(OptionalLong.of(0), few.next());
    }

    /** A seal of each field: of no two rows that differ is the encoding the same. */
    @Test
    void noCharacterPassesFromOneFieldIntoTheNext() {
        Row one = row(Act.intent(new Who("ab", "c", "", ""), "a", "b", "c"));
        Row other = row(Act.intent(new Who("a", "bc", "", ""), "a", "b", "c"));
        assertEquals(one.canonical().length, other.canonical().length);
        assertFalse(one.seal().equals(other.seal()));
    }

    /** A release that computes another seal would call every older log forged. */
    @Test
    void theSealStaysWhatItIs() {
        assertEquals("bd375115f073e955e0b71a22072240bfe5ccd9917701d91eed80bf36d28ecd72",
            row(INTENT.from("submitted")).seal());
        assertEquals("4d75833cfe346cfbc2a461300f6919e1f5c7cf8d730540fe413bf39b4eb46550",
            Seals.of(List.of("# the first", "00".repeat(32), "ab".repeat(32)))
                .seal(7, 1_700_000_000_000_001L, INTENT, Row.NOTHING).seal());
    }

    private static Row row(Act act) {
        return Seals.UNKEYED.seal(7, 1_700_000_000_000_001L, act, Row.NOTHING);
    }

    @Test
    void aFileOfKeysIsReadAndItsMistakesAreNamedWithoutTheKey() {
        assertEquals("", Seals.UNKEYED.current());
        assertEquals(16, Seals.of(List.of("ab".repeat(Seals.KEY_BYTES_MIN))).current().length());
        for (List<String> wrong : List.of(List.<String>of(), List.of("", "# nothing"),
                List.of("ab".repeat(Seals.KEY_BYTES_MIN - 1)), List.of("not hex"))) {
            String said = assertThrows(IllegalArgumentException.class, () -> Seals.of(wrong))
                .getMessage();
            assertFalse(said.contains("abab") || said.contains("not hex"), said);
        }
    }

    @Test
    void ofAUrlNoPasswordIsTold() {
        assertEquals("http://***@a/b?***", Act.withoutSecrets("http://u:p@a/b?token=x#y"));
        assertEquals("http://***@a/?***", Act.withoutSecrets("http://u:p p@q\n@a/?x\ntoken"));
        assertEquals("http://a/b", Act.withoutSecrets("http://a/b"));
    }

    private static String failure(CompletionStage<?> stage) {
        Throwable thrown = assertThrows(CompletionException.class,
            () -> stage.toCompletableFuture().join()).getCause();
        return assertInstanceOf(Unrecorded.class, thrown).getMessage();
    }
}

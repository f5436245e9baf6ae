package audit;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts on record what callers do, around the doing of it: first that it is to be done, then it is
 * done, then how it went, and only then the caller is told. What cannot be put on record is not
 * done. Thread-safe; no method blocks.
 */
public final class Audit {

    /** Keeps nothing. */
    public static final Audit NONE = new Audit(AuditLog.NONE, Reads.OFF, Runnable::run);

    private static final Logger LOG = LoggerFactory.getLogger(Audit.class);

    private static final long QUIET_NANOS = 1_000_000_000L;

    private final AuditLog log;
    private final Reads reads;
    private final Executor executor;
    private final AtomicLong quietUntil = new AtomicLong(System.nanoTime());
    private final AtomicLong untold = new AtomicLong();
    /** Apart, so that strangers cannot use up what callers who are known have. */
    private final FewRefusals strangers = new FewRefusals(System::nanoTime);
    private final FewRefusals known = new FewRefusals(System::nanoTime);

    /** Whose reads of payloads are put on record. */
    public enum Reads {

        /** Nobody's. */
        OFF,

        /** Those of administrators, who may read everybody's. */
        ADMIN,

        /** Those of clients, too, whose own they are. */
        ALL
    }

    /**
     * @param reads whose reads of payloads are put on record
     * @param executor carries on once a row is durable; what it is given does not block
     */
    public Audit(AuditLog log, Reads reads, Executor executor) {
        this.log = log;
        this.reads = reads;
        this.executor = executor;
    }

    /** What is to be done, and how it is seen from outside. */
    public interface Doing<A> {

        /** How the target is now; empty if that is not known. Never fails. */
        CompletionStage<String> state();

        /** Does it. Never fails: an answer may tell of a failure. */
        CompletionStage<A> act();

        /** How an answer is put on record. */
        String result(A answer);

        /** Of a target that has no state. */
        static <A> Doing<A> stateless(
                Supplier<CompletionStage<A>> act, Function<A, String> result) {
            return new Doing<>() {
                @Override
                public CompletionStage<String> state() {
                    return CompletableFuture.completedFuture("");
                }

                @Override
                public CompletionStage<A> act() {
                    return act.get();
                }

                @Override
                public String result(A answer) {
                    return result.apply(answer);
                }
            };
        }
    }

    /**
     * Does what {@code intent} tells of.
     *
     * @return the answer; fails with {@link Unrecorded}
     */
    public <A> CompletionStage<A> carryOut(Act intent, Doing<A> doing) {
        return doing.state().thenComposeAsync(before -> {
            Act begun = intent.from(before);
            return compose(failing(begun, false), number -> compose(doing.act(),
                answer -> compose(doing.state(), after -> then(failing(
                    begun.result(number, after, doing.result(answer)), true),
                    written -> answer))));
        }, Runnable::run);
    }

    /**
     * Whether a read of payloads is put on record.
     *
     * @param byAdmin whether an administrator reads
     */
    public boolean notesReads(boolean byAdmin) {
        return reads == Reads.ALL || reads == Reads.ADMIN && byAdmin;
    }

    /**
     * Reads what {@code intent} tells of, and hands it out once that is on record.
     *
     * @return the answer; fails with {@link Unrecorded}
     */
    public <A> CompletionStage<A> read(
            Act intent, Supplier<CompletionStage<A>> read, Function<A, String> result) {
        return compose(read.get(), answer -> then(
            failing(intent.read(result.apply(answer)), false), written -> answer));
    }

    /** Notes what somebody asked for in vain, unless there is too much of that. Never fails. */
    public void refused(Act refusal) {
        FewRefusals like = refusal.who().name().isEmpty() ? strangers : known;
        like.next().ifPresent(left -> log.write(left == 0 ? refusal
            : new Act(refusal.kind(), 0, refusal.who(), refusal.action(), refusal.target(),
                "and " + left + " more in the minutes before", "", "", refusal.result()))
            .whenCompleteAsync((written, failed) -> complain(refusal, failed), Runnable::run));
    }

    /** Notes what happened to the server. Never fails: that it cannot be noted is in the log. */
    public void event(Act event) {
        log.write(event).whenCompleteAsync(
            (written, failed) -> complain(event, failed), Runnable::run);
    }

    private void complain(Act act, Throwable failed) {
        if (failed != null) {
            warn(act.action(), failed);
        }
    }

    /** While the database is away each act fails; one line a second says it as well as many. */
    private void warn(String act, Throwable failed) {
        long now = System.nanoTime();
        long until = quietUntil.get();
        if (now - until < 0 || !quietUntil.compareAndSet(until, now + QUIET_NANOS)) {
            untold.incrementAndGet();
            return;
        }
        LOG.warn("not in the audit log: {} ({} more like it): {}", act, untold.getAndSet(0),
            cause(failed).toString());
    }

    private CompletionStage<Long> failing(Act act, boolean isDone) {
        CompletableFuture<Long> answer = new CompletableFuture<>();
        log.write(act).whenCompleteAsync((value, failed) -> {
            if (failed == null) {
                answer.complete(value);
            } else {
                warn(act.action(), failed);
                answer.completeExceptionally(new Unrecorded(isDone, cause(failed)));
            }
        }, executor);
        return answer;
    }

    private static <T, R> CompletionStage<R> then(
            CompletionStage<T> stage, Function<T, R> next) {
        return stage.thenApplyAsync(next, Runnable::run);
    }

    private static <T, R> CompletionStage<R> compose(
            CompletionStage<T> stage, Function<T, CompletionStage<R>> next) {
        return stage.thenComposeAsync(next, Runnable::run);
    }

    private static Throwable cause(Throwable thrown) {
        return thrown instanceof CompletionException && thrown.getCause() != null
            ? thrown.getCause() : thrown;
    }
}

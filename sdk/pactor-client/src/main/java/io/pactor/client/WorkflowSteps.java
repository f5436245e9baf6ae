package io.pactor.client;

import io.pactor.client.participant.BranchCall;
import io.pactor.client.participant.JdbcBarrier;
import io.pactor.client.participant.Ongoing;
import io.pactor.client.participant.Refused;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.UndeclaredThrowableException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;

/**
 * The steps of a workflow while its body runs. For the body's own thread.
 *
 * <p>A step that is on record is not done again: it returns what it returned, or is refused as it
 * was refused. A step that failed otherwise dooms this run, even if the body catches the exception,
 * for nobody knows whether it was done: no further step is taken, and nothing is decided.
 */
public final class WorkflowSteps {

    /** At most so many steps: two digits, as all clients have it. */
    public static final int STEPS_MAX = 99;

    /** The longest name of a step, in characters. */
    public static final int NAME_MAX = 128;

    private final Pactor pactor;
    private final WorkflowRecord record;
    private final JdbcBarrier barrier;
    private final Map<String, String> branchIds = new HashMap<>();
    private final Deque<Done> done = new ArrayDeque<>();
    private BranchCall current;
    private Throwable doom;
    private boolean isEnded;

    /** What a step does; it returns its result as JSON text, or null. */
    @FunctionalInterface
    interface Action {

        String run(BranchCall call) throws Exception;
    }

    /** What undoes it. */
    @FunctionalInterface
    interface Undo {

        void run(BranchCall call) throws Exception;
    }

    private record Done(String branchId, String name, Undo undo) {}

    WorkflowSteps(Pactor pactor, WorkflowRecord record, JdbcBarrier barrier) {
        this.pactor = pactor;
        this.record = record;
        this.barrier = barrier;
    }

    /** The id of the workflow. */
    public String gid() {
        return record.gid();
    }

    /**
     * The next step. Nothing happens until it is told what to do.
     *
     * @param name by which it is on record, for people and for the next run; once in a workflow
     * @throws IllegalArgumentException if it is blank, or longer than {@link #NAME_MAX}
     */
    public WorkflowStep step(String name) {
        if (name.isBlank() || name.length() > NAME_MAX) {
            throw new IllegalArgumentException(
                "the name of a step has 1 to " + NAME_MAX + " characters, not all blank: " + name);
        }
        return new WorkflowStep(this, name);
    }

    /**
     * Which operation of which branch the function that runs now is: the same each time that the
     * step is tried. Hand it to participants, so that their barrier knows a repeat. The operation
     * is {@code action}, or {@code rollback} in a rollback function.
     *
     * @throws IllegalStateException outside of a step
     */
    public BranchCall branchCall() {
        if (current == null) {
            throw new IllegalStateException("there is a branch only while a step runs");
        }
        return current;
    }

    PayloadCodec codec() {
        return pactor.codec();
    }

    /**
     * Calls a participant for the branch.
     *
     * @return its answer, as it is
     * @throws Refused if it refuses
     * @throws Ongoing if it says when to ask again
     * @throws BranchUnknownException after anything else, or no answer
     */
    String answer(BranchCall branch, Call call) {
        Answer answer = OwnCall.send(pactor, branch, call,
            pactor.transport().settings().requestTimeout());
        String said = Fields.text(answer.json(), "dtm_result");
        boolean isDone = answer.status() == 200;
        if (answer.status() == 409 || isDone && said.equals("FAILURE")) {
            throw new Refused(
                Reason.of("url:" + call.url() + " return failed: " + answer.text()));
        }
        if (answer.status() == 425 && !answer.retryAfter().isZero()) {
            throw Ongoing.askAgainIn(answer.retryAfter());
        }
        if (!isDone || said.equals("ONGOING")) {
            throw new BranchUnknownException(branch.branchId(), "no verdict from " + call + ": "
                + answer.status() + " " + answer.message(), null);
        }
        return answer.text();
    }

    JdbcBarrier barrier() {
        return barrier;
    }

    /**
     * Does it, unless it is on record.
     *
     * @return what it returned, read from the record
     * @throws Refused as it was refused, now or before
     */
    <T> T take(String name, Action action, Undo undo, Function<String, T> reader) {
        throwDoom();
        try {
            String branchId = next(name);
            WorkflowEntry entry = record.entry(branchId, WorkflowRecord.ACTION);
            if (entry == null && record.isRollingBack()) {
                throw new Refused(record.decision()); // It was decided before it came to this step.
            }
            boolean isDoneHere = false;
            if (entry == null) {
                WorkflowEntry mine = done(branchId, name, action);
                isDoneHere = mine.isDone();
                entry = record.add(branchId, WorkflowRecord.ACTION, mine);
            }
            if (!entry.isByOperator()) {
                checkName(branchId, name, entry);
            }
            if (entry.isDone() || isDoneHere) { // Another run may have been refused meanwhile.
                done.push(new Done(branchId, name, undo));
            }
            if (!entry.isDone()) {
                throw new Refused(entry.text());
            }
            return reader.apply(entry.text());
        } catch (Refused e) {
            throw e;
        } catch (RuntimeException | Error e) {
            doom = e;
            throw e;
        }
    }

    /** What {@code action} did, not on record yet. */
    private WorkflowEntry done(String branchId, String name, Action action) {
        BranchCall call = call(branchId, WorkflowRecord.ACTION);
        current = call;
        try {
            return WorkflowEntry.done(name, action.run(call));
        } catch (Exception e) {
            if (bare(e) instanceof Refused refused) {
                return WorkflowEntry.refused(name, reason(refused));
            }
            throw unchecked(e);
        } finally {
            current = null;
        }
    }

    private String next(String name) {
        if (isEnded || current != null) {
            throw new IllegalStateException("step " + name + " of workflow " + gid()
                + (isEnded ? " comes after its end" : " is within step " + current.branchId()));
        }
        String branchId = String.format("%02d", branchIds.size() + 1);
        String other = branchIds.putIfAbsent(name, branchId);
        if (other != null) {
            throw new WorkflowChangedException("steps " + other + " and " + branchId
                + " of workflow " + gid() + " have the same name: " + name);
        }
        if (branchIds.size() > STEPS_MAX) {
            throw new IllegalStateException("a workflow has at most " + STEPS_MAX + " steps; "
                + name + " of " + gid() + " is one more");
        }
        return branchId;
    }

    void checkName(String branchId, String name, WorkflowEntry entry) {
        if (!entry.step().equals(name)) {
            throw new WorkflowChangedException("step " + branchId + " of workflow " + gid() + " is "
                + name + " in the code, but " + entry.step() + " on record");
        }
    }

    /** A failure that the body may have caught counts all the same. */
    void throwDoom() {
        if (doom instanceof Error error) {
            throw error;
        }
        if (doom != null) {
            throw (RuntimeException) doom;
        }
    }

    /**
     * The body has come to its end; nothing of the record may be left out.
     *
     * @return why an operator wants it rolled back; null if none does
     */
    String end() {
        throwDoom();
        isEnded = true;
        String branchId = String.format("%02d", branchIds.size() + 1);
        WorkflowEntry more = record.entry(branchId, WorkflowRecord.ACTION);
        if (more != null && more.isByOperator()) {
            return more.text();
        }
        if (more != null) {
            throw new WorkflowChangedException("workflow " + gid() + " ends in the code after "
                + branchIds.size() + " steps, but has step " + branchId + " on record: "
                + more.step());
        }
        return null;
    }

    /**
     * Undoes what was done, the last step first; what is undone already is left alone.
     *
     * @return why, as it is on record
     * @throws RuntimeException if something could not be undone, whatever it says: nobody can
     *     refuse to undo
     */
    String rollBack(String reason) {
        if (done.stream().noneMatch(each -> each.undo() != null) && !record.isRollingBack()) {
            return reason;
        }
        record.decideToRollBack(reason);
        for (Done each : done) {
            if (each.undo() != null
                    && record.entry(each.branchId(), WorkflowRecord.ROLLBACK) == null) {
                undo(each);
                record.add(each.branchId(), WorkflowRecord.ROLLBACK,
                    WorkflowEntry.done(each.name(), null));
            }
        }
        return record.decision();
    }

    private void undo(Done step) {
        BranchCall call = call(step.branchId(), WorkflowRecord.ROLLBACK);
        current = call;
        try {
            step.undo().run(call);
        } catch (Exception e) {
            throw bare(e) instanceof Refused ? new IllegalStateException(
                "the rollback of step " + step.name() + " cannot be refused", e) : unchecked(e);
        } finally {
            current = null;
        }
    }

    private BranchCall call(String branchId, String op) {
        return new BranchCall(gid(), WorkflowRecord.MODE, branchId, op);
    }

    /** As long as the coordinator keeps it, and no half of a pair of surrogates at its end. */
    static String reason(Refused refused) {
        String said = String.valueOf(refused.getMessage());
        if (said.length() <= WorkflowRecord.REASON_CHARS_MAX) {
            return said;
        }
        int end = WorkflowRecord.REASON_CHARS_MAX;
        return said.substring(0, Character.isHighSurrogate(said.charAt(end - 1)) ? end - 1 : end);
    }

    /** Without wrappers that only carry an exception on. */
    static Throwable bare(Throwable thrown) {
        Throwable bare = thrown;
        while (bare.getCause() != null && (bare instanceof CompletionException
                || bare instanceof ExecutionException || bare instanceof InvocationTargetException
                || bare instanceof UndeclaredThrowableException)) {
            bare = bare.getCause();
        }
        return bare;
    }

    private static RuntimeException unchecked(Exception e) {
        if (e instanceof InterruptedException) {
            Thread.currentThread().interrupt();
        }
        return e instanceof RuntimeException it ? it : new CompletionException(e);
    }
}

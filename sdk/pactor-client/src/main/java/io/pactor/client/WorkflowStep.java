package io.pactor.client;

import io.pactor.client.participant.BranchCall;
import io.pactor.client.participant.Ongoing;
import io.pactor.client.participant.Refused;
import io.pactor.client.participant.Reply;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import javax.sql.DataSource;

/**
 * One step of a workflow: perhaps how it is undone, then what it does. {@code call}, {@code run}
 * and {@code inTransaction} do it, on the thread of the body.
 *
 * <p><b>A step may be done twice.</b> If the process dies, or loses the coordinator, after the step
 * and before that is on record, the next run does it again; so does a second process that resumes
 * the workflow while a long step runs. Therefore {@code call} and {@code run} are for participants
 * that bear repeats: hand them {@link WorkflowSteps#branchCall}, the same each time. What
 * {@code inTransaction} does in its database is done once: its row in the barrier commits with it.
 * Rollback functions are run at least once, too.
 *
 * <p>What a function throws decides: {@link Refused} is a no for good, and is recorded;
 * {@link Ongoing} means later; anything else that nobody knows. After the latter two the workflow
 * is resumed at this step. A checked exception comes out in a
 * {@link java.util.concurrent.CompletionException}.
 */
public final class WorkflowStep {

    private final WorkflowSteps steps;
    private final String name;
    private WorkflowSteps.Undo undo;
    private InConnection undoInTransaction;

    /**
     * What a step does.
     *
     * @param <T> what it returns
     */
    @FunctionalInterface
    public interface Function<T> {

        T run() throws Exception;
    }

    /** What is done or undone without a result. */
    @FunctionalInterface
    public interface Procedure {

        void run() throws Exception;
    }

    /**
     * What a step does in a local transaction, which it neither ends nor closes.
     *
     * @param <T> what it returns
     */
    @FunctionalInterface
    public interface FunctionInConnection<T> {

        T run(Connection connection) throws SQLException;
    }

    /** What is done or undone in a local transaction, which it neither ends nor closes. */
    @FunctionalInterface
    public interface InConnection {

        void run(Connection connection) throws SQLException;
    }

    WorkflowStep(WorkflowSteps steps, String name) {
        this.steps = steps;
        this.name = name;
    }

    /**
     * Undoes the step if the workflow is refused later. Not called if the step itself is refused.
     * Called until it returns, so it must bear repeats.
     */
    public WorkflowStep onRollback(Procedure function) {
        checkOne();
        Objects.requireNonNull(function);
        undo = call -> function.run();
        return this;
    }

    /**
     * Undoes the step by a call of a participant, with the parameters of the branch in its url and
     * the op {@code rollback}. Called until it answers 200, which it must if there is nothing to
     * undo.
     */
    public WorkflowStep onRollback(Call undoing) {
        checkOne();
        Objects.requireNonNull(undoing);
        undo = branch -> steps.answer(branch, undoing);
        return this;
    }

    /**
     * Undoes a step of {@link #inTransaction}, in a transaction on the same data source; its row in
     * the barrier commits with it, so it is done once.
     */
    public WorkflowStep onRollback(InConnection function) {
        checkOne();
        undoInTransaction = Objects.requireNonNull(function);
        return this;
    }

    /**
     * Does it, unless it is on record.
     *
     * @param type of the result, for the {@link PayloadCodec}; a {@code String} is kept as it is
     * @return what is on record: on the first run, too, it has been through the codec, so that the
     *     next one cannot see another
     * @throws Refused if {@code function} refuses, or did before
     * @throws WorkflowChangedException if the record has another step here, or this name has been
     *     used
     * @throws IllegalArgumentException if the result is longer than the coordinator keeps, 1 MiB
     */
    public <T> T call(Class<T> type, Function<T> function) {
        if (undoInTransaction != null) {
            throw new IllegalStateException("the rollback of step " + name
                + " takes a connection, so the step must be inTransaction");
        }
        return steps.take(name, call -> encoded(type, function.run()), undo,
            text -> decoded(type, text));
    }

    /** As {@link #call(Class, Function)}, without a result. */
    public void run(Procedure function) {
        call(Void.class, () -> {
            function.run();
            return null;
        });
    }

    /**
     * Does it by a call of a participant, unless it is on record: with the parameters of the branch
     * in its url and the op {@code action}, the same each time, so that its barrier knows a repeat.
     * It is made by this process, once in a run, within {@link Call#timeout} or the client's
     * {@link Pactor.Builder#requestTimeout}.
     *
     * @param type of the answer, as {@link #call(Class, Function)}; null if it has no body
     * @throws Refused if it answers 409, or did before
     * @throws Ongoing if it answers 425 and says when to call again; the workflow is resumed then
     * @throws BranchUnknownException if it answers anything else than 200, or nothing; the workflow
     *     is resumed at this step
     * @throws WorkflowChangedException as {@link #call(Class, Function)}
     */
    public <T> T call(Class<T> type, Call acting) {
        if (undoInTransaction != null) {
            throw new IllegalStateException("the rollback of step " + name
                + " takes a connection, so the step must be inTransaction");
        }
        return steps.take(name, branch -> answer(type, branch, acting), undo,
            text -> decoded(type, text));
    }

    /** As {@link #call(Class, Call)}, whatever the answer's body is. */
    public void run(Call acting) {
        call(Void.class, acting);
    }

    private <T> String answer(Class<T> type, BranchCall branch, Call acting) {
        String text = steps.answer(branch, acting);
        if (type == Void.class || text.isEmpty()) {
            return null;
        }
        decoded(type, text);
        return text;
    }

    /**
     * Does it in a local transaction of its own, together with its row and result in the barrier of
     * the workflow, {@link Workflow#barrier}: once, whatever happens. Blocks as the database does.
     *
     * @param type as {@link #call(Class, Function)}
     * @return as {@link #call(Class, Function)}
     * @throws Refused if {@code function} refuses, or did before; its transaction is rolled back
     * @throws io.pactor.client.participant.BarrierException if the database failed
     * @throws WorkflowChangedException as {@link #call(Class, Function)}
     * @throws IllegalArgumentException if the result is longer than the barrier keeps
     *     ({@link Reply#MAX_BYTES}); the transaction is rolled back
     */
    public <T> T inTransaction(DataSource dataSource, Class<T> type,
            FunctionInConnection<T> function) {
        Objects.requireNonNull(dataSource);
        if (undoInTransaction != null) {
            undo = call -> undo(dataSource, call, undoInTransaction);
        }
        return steps.take(name, call -> done(dataSource, call, type, function), undo,
            text -> decoded(type, text));
    }

    /** As {@link #inTransaction(DataSource, Class, FunctionInConnection)}, without a result. */
    public void inTransaction(DataSource dataSource, InConnection function) {
        inTransaction(dataSource, Void.class, connection -> {
            function.run(connection);
            return null;
        });
    }

    private <T> String done(DataSource dataSource, BranchCall call, Class<T> type,
            FunctionInConnection<T> function) {
        Reply reply = steps.barrier().run(dataSource, call, connection -> Reply.json(
            WorkflowEntry.done(name, encoded(type, function.run(connection))).data()));
        WorkflowEntry entry = WorkflowEntry.of("the " + call + " in the barrier", true,
            new String(reply.body(), StandardCharsets.UTF_8));
        steps.checkName(call.branchId(), name, entry);
        return entry.text();
    }

    private void undo(DataSource dataSource, BranchCall call, InConnection function) {
        steps.barrier().run(dataSource, call, connection -> {
            function.run(connection);
            return Reply.EMPTY;
        });
    }

    /** Says now what could not be read later. */
    private <T> String encoded(Class<T> type, T value) {
        if (value == null) {
            return null;
        }
        String text = type == String.class ? (String) value : steps.codec().encode(value);
        decoded(type, text);
        return text;
    }

    private <T> T decoded(Class<T> type, String text) {
        return text == null ? null : steps.codec().decode(text, type);
    }

    private void checkOne() {
        if (undo != null || undoInTransaction != null) {
            throw new IllegalStateException("step " + name + " has an onRollback already");
        }
    }
}

package security;

import java.util.HashMap;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;
import transaction.BranchRegistration;
import transaction.Change;
import transaction.Command;
import transaction.Completion;
import transaction.Park;
import transaction.Pause;
import transaction.RollBack;
import transaction.Settle;
import transaction.Stop;
import transaction.TransactionId;
import transaction.Unpark;
import transaction.Unpause;

/** What clients and operators say, by gid, as it is said inside: by id. */
final class Qualified {

    private static final Map<Class<?>, Rename<Command>> ALL = new HashMap<>();

    static {
        add(Command.Abort.class, (id, it) ->
            new Command.Abort(id.apply(it.gid()), it.mode(), it.reason()));
        add(Command.JoinBranch.class, (id, it) -> new Command.JoinBranch(
            joining(id, it.registration())));
        add(Command.FinishWorkflow.class, (id, it) -> new Command.FinishWorkflow(
            id.apply(it.gid()), it.status(), it.reason(), it.result()));
        add(Command.ForceStop.class, (id, it) ->
            new Command.ForceStop(id.apply(it.gid()), it.by()));
        add(Command.RetryNow.class, (id, it) ->
            new Command.RetryNow(id.apply(it.gid()), it.waits(), it.by()));
        add(Command.Look.class, (id, it) -> new Command.Look(id.apply(it.gid())));
        add(Completion.class, (id, it) -> new Completion(
            id.apply(it.gid()), it.key(), it.succeeded(), it.reason(), it.openedAt()));
        add(Unpark.class, (id, it) -> new Unpark(id.apply(it.gid()), it.by()));
        add(Unpause.class, (id, it) -> new Unpause(id.apply(it.gid()), it.by()));
        add(Park.class, (id, it) -> new Park(id.apply(it.gid()), it.reason(), it.by()));
        add(RollBack.class, (id, it) -> new RollBack(id.apply(it.gid()), it.reason(), it.by()));
        add(Pause.class, (id, it) ->
            new Pause(id.apply(it.gid()), it.until(), it.reason(), it.by()));
        add(Stop.class, (id, it) ->
            new Stop(id.apply(it.gid()), it.outcome(), it.reason(), it.by()));
        add(Settle.class, (id, it) -> new Settle(id.apply(it.gid()), it.key(), it.verdict(),
            it.isSkip(), it.reason(), it.by()));
        add(Change.class, (id, it) -> new Change(id.apply(it.gid()), it.key(), it.url(),
            it.payload(), it.requestTimeoutSeconds(), it.retryLimit(), it.retryIntervalSeconds(),
            it.reason(), it.by()));
    }

    private Qualified() {}

    private interface Rename<C> extends BiFunction<UnaryOperator<String>, C, Command> {}

    private static <C extends Command> void add(Class<C> type, Rename<C> rename) {
        ALL.put(type, (id, command) -> rename.apply(id, type.cast(command)));
    }

    private static BranchRegistration joining(
            UnaryOperator<String> id, BranchRegistration asked) {
        return new BranchRegistration(id.apply(asked.gid()), asked.mode(), asked.branchId(),
            asked.fields(), asked.data());
    }

    /** The id of the transaction with that gid. */
    static String id(String namespace, String gid) {
        return new TransactionId(namespace, gid).text();
    }

    /**
     * {@code command} in a namespace.
     *
     * @throws IllegalArgumentException if it is one that only the coordinator gives itself
     */
    static Command in(String namespace, Command command) {
        if (command instanceof Command.Prepare prepare) {
            return new Command.Prepare(prepare.submission().in(namespace));
        }
        if (command instanceof Command.Submit submit) {
            return new Command.Submit(submit.submission().in(namespace), submit.isRepeat());
        }
        if (command instanceof Command.PrepareWorkflow prepare) {
            return new Command.PrepareWorkflow(prepare.submission().in(namespace));
        }
        Rename<Command> rename = ALL.get(command.getClass());
        if (rename == null) {
            throw new IllegalArgumentException("nobody outside says " + command);
        }
        return rename.apply(gid -> id(namespace, gid), command);
    }
}

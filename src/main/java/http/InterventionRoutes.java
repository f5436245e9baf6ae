package http;

import static http.Route.post;
import static security.Permission.OPERATE;

import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import security.ScopedCoordinator;
import transaction.Command;
import transaction.Coordinator;
import transaction.GlobalTransaction;
import transaction.Reply;
import transaction.Summary;
import transaction.Unpark;

/**
 * What operators do by hand to one transaction, {@code POST /api/v1/transactions/{gid}/...}. Each
 * may be said twice, and is answered with how the transaction stands then.
 */
final class InterventionRoutes {

    private static final String ONE = TransactionRoutes.ONE + "/";

    private final Coordinator coordinator;
    private final Executor renderer;

    /** @param renderer reads and writes what is said and answered */
    InterventionRoutes(Coordinator coordinator, Executor renderer) {
        this.coordinator = coordinator;
        this.renderer = renderer;
    }

    List<Route> routes() {
        return List.of(
            act("retry", (gid, said) -> new Command.RetryNow(gid, false, said.by())),
            act("pause", (gid, said) -> said.pause(gid)),
            act("resume", (gid, said) -> said.unpause(gid)),
            act("park", (gid, said) -> said.park(gid)),
            act("unpark", (gid, said) -> new Unpark(gid, said.by())),
            act("skip", (gid, said) -> said.skip(gid)),
            act("resolve", (gid, said) -> said.resolve(gid)),
            act("stop", (gid, said) -> said.stop(gid)),
            act("rollback", (gid, said) -> said.rollBack(gid)),
            act("edit", (gid, said) -> said.change(gid)));
    }

    private Route act(String name, BiFunction<String, InterventionBody, Command> of) {
        return post(ONE + name, OPERATE, call -> {
            String gid = TransactionRoutes.gid(call);
            InterventionBody said = InterventionBody.of(name, call);
            return carryOut(ScopedCoordinator.of(coordinator, call.caller()), gid,
                of.apply(gid, said));
        });
    }

    /** Whether it has changed anything is seen by looking before and after. */
    private CompletionStage<HttpAnswer> carryOut(
            Coordinator own, String gid, Command command) {
        return own.find(gid).thenCompose(before ->
            own.send(gid, command).thenCompose(reply -> reply instanceof Reply.Done
                ? own.find(gid).thenApplyAsync(
                    after -> answer(gid, before, after), renderer)
                : Continuations.now(Problem.of(reply))));
    }

    private static HttpAnswer answer(String gid, Reply before, Reply after) {
        if (!(after instanceof Reply.Found found)) {
            return after instanceof Reply.Unclear
                ? Problem.of(503, "it is done; how it stands now cannot be read")
                : Problem.of(after);
        }
        GlobalTransaction t = found.transaction();
        boolean isChanged = !(before instanceof Reply.Found was)
            || !t.isQuarantined() && !t.isAbsent()
                && !t.equals(was.transaction());
        Summary row = found.summary();
        return HttpAnswer.json(200, JsonOut.object(out -> {
            out.writeStringField("gid", gid);
            out.writeBooleanField("changed", isChanged);
            TransactionJson.text(out, "status", row == null ? "" : row.status().wire());
            out.writeStringField("text", text(t));
        }));
    }

    /** How it stands, in a few words. */
    static String text(GlobalTransaction t) {
        if (t.isQuarantined()) {
            return "its history is read again";
        }
        if (t.status() == null) {
            return "there is no such transaction any more";
        }
        String status = "status " + t.status().wire();
        if (t.isFinal()) {
            return status;
        }
        return status + (t.isParked() ? ", parked" : "") + (!t.isPaused() ? ""
            : t.paused().until() == null ? ", paused"
                : ", paused until " + Times.text(t.paused().until()));
    }
}

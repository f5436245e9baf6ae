package http;

import static http.Route.post;
import static security.Permission.OPERATE;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import java.util.stream.Stream;
import security.ScopedCoordinator;
import transaction.Again;
import transaction.Coordinator;
import transaction.DryRun;
import transaction.GlobalTransaction;
import transaction.Moment;
import transaction.Reply;

/**
 * Runs a transaction that has ended again as a new one,
 * {@code POST /api/v1/transactions/{gid}/again}. Said again for the same gid it begins nothing.
 */
final class AgainRoutes {

    private static final String AGAIN = "again";

    private final Coordinator coordinator;
    private final Executor renderer;
    private final Outbox outbox;
    private final Supplier<Moment> moment;

    /**
     * @param renderer runs what takes longer: reading whole transactions
     * @param outbox has the room for a plan
     * @param moment when it would be begun, and under which settings
     */
    AgainRoutes(Coordinator coordinator, Executor renderer, Outbox outbox,
            Supplier<Moment> moment) {
        this.coordinator = coordinator;
        this.renderer = renderer;
        this.outbox = outbox;
        this.moment = moment;
    }

    List<Route> routes() {
        return List.of(post(TransactionRoutes.ONE + "/" + AGAIN, OPERATE, call -> {
            String gid = TransactionRoutes.gid(call);
            InterventionBody said = InterventionBody.of(AGAIN, call);
            Coordinator own = ScopedCoordinator.of(coordinator, call.caller());
            return own.find(gid).thenComposeAsync(reply -> {
                if (!(reply instanceof Reply.Found found)) {
                    return Continuations.now(unread(reply));
                }
                GlobalTransaction ended = found.transaction();
                if (found.summary() == null && !ended.isQuarantined()) {
                    return Continuations.now(Problem.noTransaction(gid));
                }
                Again again = said.again(ended);
                return again.refusal() != null ? Continuations.now(Problem.of(again.refusal()))
                    : new Asked(own, gid, again, said.isDryRun(), PayloadMask.of(call.caller()))
                        .carryOut();
            }, renderer);
        }));
    }

    private static HttpAnswer unread(Reply reply) {
        return reply instanceof Reply.Unclear ? HttpAnswer.UNREAD : Problem.of(reply);
    }

    /** One that the rules allow. */
    private final class Asked {

        private final Coordinator own;
        private final String gid;
        private final Again again;
        private final boolean isDryRun;
        private final PayloadMask mask;

        Asked(Coordinator own, String gid, Again again, boolean isDryRun, PayloadMask mask) {
            this.own = own;
            this.gid = gid;
            this.again = again;
            this.isDryRun = isDryRun;
            this.mask = mask;
        }

        private String next() {
            return again.submission().gid();
        }

        /** A submit would be refused of what has ended, so it is looked first. */
        CompletionStage<HttpAnswer> carryOut() {
            return own.find(next()).thenComposeAsync(reply ->
                !(reply instanceof Reply.Found there) ? Continuations.now(unread(reply))
                : there.summary() != null || there.transaction().isQuarantined()
                    ? Continuations.now(answer(there, false))
                : isDryRun ? plan() : begin(), renderer);
        }

        private CompletionStage<HttpAnswer> begin() {
            return own.submit(again.submission()).thenCompose(reply ->
                reply instanceof Reply.Done ? own.find(next()).thenApplyAsync(
                    after -> after instanceof Reply.Found there ? answer(there, true)
                        : Problem.of(503, "it has begun; how it stands now cannot be read"),
                    renderer)
                : reply instanceof Reply.Refused ? own.find(next()).thenApplyAsync(
                    after -> begunMeanwhile(after, reply), renderer)
                : Continuations.now(Problem.of(reply)));
        }

        /** The same request at the same moment may have come first, and may even be over. */
        private HttpAnswer begunMeanwhile(Reply now, Reply refusal) {
            return now instanceof Reply.Found there && there.summary() != null
                ? answer(there, false) : Problem.of(refusal);
        }

        private HttpAnswer answer(Reply.Found there, boolean isNew) {
            GlobalTransaction t = there.transaction();
            if (!again.is(t)) {
                return Problem.of(409, "gid " + next() + " is that of another transaction;"
                    + " name one that is free");
            }
            return HttpAnswer.json(200, JsonOut.object(out -> {
                head(out);
                out.writeBooleanField("changed", isNew);
                out.writeStringField("status", t.status().wire());
                out.writeStringField("text",
                    "run again as " + next() + ": " + InterventionRoutes.text(t));
                PlanRoutes.warnings(out, again.warnings());
            }));
        }

        private CompletionStage<HttpAnswer> plan() {
            return own.planned(again.submission()).thenApplyAsync(resolved -> {
                DryRun run = DryRun.of(resolved, moment.get());
                return HttpAnswer.json(200, outbox.write(PlanRoutes.bytesOf(run),
                    () -> JsonOut.object(out -> {
                        head(out);
                        out.writeBooleanField("changed", false);
                        PlanRoutes.steps(out, run, mask);
                        PlanRoutes.warnings(out, Stream.concat(
                            again.warnings().stream(), run.warnings().stream()).toList());
                    })));
            }, renderer);
        }

        private void head(JsonGenerator out) throws IOException {
            out.writeStringField("gid", next());
            out.writeStringField("again_of", gid);
            out.writeStringField("from", again.from());
        }
    }
}

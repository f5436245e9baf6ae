package http;

import static http.Route.post;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import security.Permission;
import security.ScopedCoordinator;
import transaction.Coordinator;
import transaction.DryRun;
import transaction.Moment;
import transaction.Reply;
import transaction.Submission;

/** What a submission would do; nothing is begun, written or called. */
final class PlanRoutes {

    /** Of a call in the answer, all but its url. */
    private static final int CALL_BYTES = 100;

    private final Coordinator coordinator;
    private final Executor renderer;
    private final Outbox outbox;
    private final Supplier<Moment> moment;

    /**
     * @param renderer runs what takes longer: playing and writing it
     * @param outbox has the room for the answer
     * @param moment when it would be begun, and under which settings
     */
    PlanRoutes(Coordinator coordinator, Executor renderer, Outbox outbox,
            Supplier<Moment> moment) {
        this.coordinator = coordinator;
        this.renderer = renderer;
        this.outbox = outbox;
        this.moment = moment;
    }

    List<Route> routes() {
        return List.of(
            post(Problem.BASE + "plan", Permission.READ, this::plan).changingNothing());
    }

    /** A full node does not read what it refuses: see {@link Coordinator#refusal}. */
    private CompletionStage<HttpAnswer> plan(Route.Call call) {
        Optional<Reply> refusal = coordinator.refusal();
        if (refusal.isPresent()) {
            return Continuations.now(Problem.of(refusal.get()));
        }
        call.query().requireKnown(Set.of());
        Submission asked = WireTransaction.of(call.body()).submission();
        PayloadMask mask = PayloadMask.of(call.caller());
        return ScopedCoordinator.of(coordinator, call.caller()).planned(asked).thenApplyAsync(
            resolved -> {
                DryRun run = DryRun.of(resolved, moment.get());
                return HttpAnswer.json(200,
                    outbox.write(bytesOf(run), () -> written(run, mask)));
            }, renderer);
    }

    /** Of the whole answer, about. */
    static long bytesOf(DryRun run) {
        long bytes = 0;
        for (DryRun.Planned each : run.steps()) {
            bytes += CALL_BYTES + each.url().length();
            for (DryRun.Planned then : each.thenIfFailed()) {
                bytes += CALL_BYTES + then.url().length();
            }
        }
        for (String each : run.warnings()) {
            bytes += each.length();
        }
        return bytes;
    }

    private static byte[] written(DryRun run, PayloadMask mask) {
        return JsonOut.object(out -> {
            steps(out, run, mask);
            warnings(out, run.warnings());
        });
    }

    static void steps(JsonGenerator out, DryRun run, PayloadMask mask) throws IOException {
        out.writeArrayFieldStart("steps");
        for (DryRun.Planned each : run.steps()) {
            step(out, each, mask, true);
        }
        out.writeEndArray();
    }

    static void warnings(JsonGenerator out, List<String> warnings) throws IOException {
        out.writeArrayFieldStart("warnings");
        for (String each : warnings) {
            out.writeString(each);
        }
        out.writeEndArray();
    }

    private static void step(
            JsonGenerator out, DryRun.Planned step, PayloadMask mask, boolean withRest)
            throws IOException {
        out.writeStartObject();
        out.writeStringField("branch_id", step.key().branchId());
        out.writeStringField("op", step.key().op().wire());
        out.writeStringField("url", mask.url(step.url()));
        if (withRest) {
            out.writeArrayFieldStart("then_if_failed");
            for (DryRun.Planned each : step.thenIfFailed()) {
                step(out, each, mask, false);
            }
            out.writeEndArray();
        }
        out.writeEndObject();
    }
}

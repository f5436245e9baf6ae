package http;

import static http.Route.post;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import security.Permission;
import security.ScopedCoordinator;
import transaction.Coordinator;
import transaction.DryRun;
import transaction.Moment;
import transaction.Submission;

/** What a submission would do; nothing is begun, written or called. */
final class PlanRoutes {

    private final Coordinator coordinator;
    private final Supplier<Moment> moment;

    PlanRoutes(Coordinator coordinator, Supplier<Moment> moment) {
        this.coordinator = coordinator;
        this.moment = moment;
    }

    List<Route> routes() {
        return List.of(
            post(Problem.BASE + "plan", Permission.READ, this::plan).changingNothing());
    }

    private CompletionStage<HttpAnswer> plan(Route.Call call) {
        call.query().requireKnown(Set.of());
        Submission asked = WireTransaction.of(call.body()).submission();
        PayloadMask mask = PayloadMask.of(call.caller());
        Coordinator own = ScopedCoordinator.of(coordinator, call.caller());
        return own.planned(asked).thenApplyAsync(resolved -> {
            DryRun run = DryRun.of(resolved, moment.get());
            return HttpAnswer.json(200, JsonOut.object(out -> {
                out.writeArrayFieldStart("steps");
                for (DryRun.Planned each : run.steps()) {
                    step(out, each, mask, true);
                }
                out.writeEndArray();
                out.writeArrayFieldStart("warnings");
                for (String each : run.warnings()) {
                    out.writeString(each);
                }
                out.writeEndArray();
            }));
        }, Runnable::run);
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

package http;

import static http.Route.get;
import static security.Permission.READ;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import security.ScopedCoordinator;
import transaction.Attempts;
import transaction.CallKey;
import transaction.Coordinator;
import transaction.InvalidRequest;
import transaction.Limits;
import transaction.Op;

/** What calls of branches brought, {@code /api/v1/transactions/{gid}/attempts}. */
final class AttemptRoutes {

    static final String ATTEMPTS = TransactionRoutes.ONE + "/attempts";

    private final Coordinator coordinator;

    AttemptRoutes(Coordinator coordinator) {
        this.coordinator = coordinator;
    }

    List<Route> routes() {
        return List.of(get(ATTEMPTS, READ, this::list).showing());
    }

    private CompletionStage<HttpAnswer> list(Route.Call call) {
        call.query().requireKnown(Set.of("branch_id", "op", "cursor", "limit"));
        String gid = TransactionRoutes.gid(call);
        Paging asked = Paging.of(call.query());
        InvalidRequest.atMost(
            "branch_id", call.query().text("branch_id"), Limits.BRANCH_ID_CHARS);
        var filter = new Attempts.Filter(call.query().text("branch_id"),
            ApiRoutes.said(call.query().text("op"), "op", Op::of).map(Op::wire).orElse(""));
        PayloadMask mask = PayloadMask.of(call.caller());
        return Continuations.then(
            ScopedCoordinator.of(coordinator, call.caller()).attempts()
                .list(gid, filter, asked.cursor(), asked.limit()),
            found -> found.map(page -> HttpAnswer.json(200, json(page, mask)))
                .orElseGet(() -> Problem.noTransaction(gid)));
    }

    private static byte[] json(Attempts.Page page, PayloadMask mask) {
        return Paging.json(page.kept(), page.next(), (out, each) -> attempt(out, each, mask),
            out -> {
                out.writeArrayFieldStart("skipped");
                skipped(out, page.skipped());
                out.writeEndArray();
            });
    }

    /** Within an array. */
    static void skipped(JsonGenerator out, List<Attempts.Skipped> skipped) throws IOException {
        for (Attempts.Skipped each : skipped) {
            out.writeStartObject();
            key(out, each.key());
            out.writeNumberField("count", each.count());
            out.writeEndObject();
        }
    }

    /** As those may see it of whom {@code mask} is. */
    static void attempt(JsonGenerator out, Attempts.Kept kept, PayloadMask mask)
            throws IOException {
        out.writeStartObject();
        key(out, kept.key());
        if (kept.number() == 0) {
            out.writeNullField("attempt");
        } else {
            out.writeNumberField("attempt", kept.number());
        }
        TransactionJson.time(out, "started_at", kept.startedAt());
        out.writeNumberField("duration_ms", kept.tookMicros() / 1_000);
        out.writeStringField("outcome", kept.outcome().wire());
        TransactionJson.text(out, "status_line", kept.record().statusLine());
        TransactionJson.text(out, "error", mask.reason(kept.record().error()));
        TransactionJson.text(out, "request", mask.text(kept.record().request()));
        TransactionJson.text(out, "answer", mask.text(kept.record().answer()));
        out.writeEndObject();
    }

    private static void key(JsonGenerator out, CallKey key) throws IOException {
        out.writeStringField("branch_id", key.branchId());
        out.writeStringField("op", key.op().wire());
    }
}

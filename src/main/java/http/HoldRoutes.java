package http;

import static http.Route.get;
import static http.Route.post;
import static security.Permission.OPERATE;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import transaction.Context;
import transaction.Hold;
import transaction.Holds;

/** Participants that nobody calls for a while, and all of them: {@code /api/v1/work}. */
final class HoldRoutes {

    private static final String PARTICIPANT = Problem.BASE + "participants/{participant}/";
    private static final String CALLS = Problem.BASE + "calls/";

    private final Holds holds;

    HoldRoutes(Holds holds) {
        this.holds = holds;
    }

    List<Route> routes() {
        return List.of(
            get(Problem.BASE + "paused", OPERATE, ofServer(this::paused)),
            post(PARTICIPANT + "pause", OPERATE,
                ofServer(call -> pause(named(call), call))),
            post(PARTICIPANT + "resume", OPERATE,
                ofServer(call -> resume(named(call), call))),
            post(CALLS + "pause", OPERATE, ofServer(call -> pause(Hold.ALL, call))),
            post(CALLS + "resume", OPERATE, ofServer(call -> resume(Hold.ALL, call))));
    }

    /** Participants are called for all namespaces, so an operator of one alone is refused. */
    private static Route.Handler ofServer(Route.Handler handler) {
        return call -> call.caller().mayName()
                || call.caller().namespace().equals(Context.DEFAULT_NAMESPACE)
            ? handler.handle(call)
            : Continuations.now(Problem.of(403, "participants are those of all namespaces:"
                + " an operator of the whole server may pause them"));
    }

    private static String named(Route.Call call) {
        return Hold.participant(call.named("participant"));
    }

    private CompletionStage<HttpAnswer> paused(Route.Call call) {
        call.query().requireKnown(Set.of());
        return Continuations.then(holds.all(), all -> HttpAnswer.json(200,
            Paging.json(all, "", (out, hold) -> {
                out.writeStartObject();
                out.writeStringField("participant", hold.participant());
                TransactionJson.time(out, "until", hold.until());
                TransactionJson.text(out, "reason", hold.reason());
                TransactionJson.text(out, "by", hold.by());
                TransactionJson.time(out, "paused_at", hold.at());
                out.writeEndObject();
            })));
    }

    private CompletionStage<HttpAnswer> pause(String participant, Route.Call call) {
        InterventionBody said = InterventionBody.of("pause", call);
        Instant until = said.until();
        return holds.hold(participant, until, said.reason(), said.by()).handle(
            (changed, thrown) -> {
                if (Continuations.cause(thrown) instanceof Holds.TooMany full) {
                    return Continuations.now(Problem.of(409, full.getMessage()));
                }
                return thrown != null ? CompletableFuture.<HttpAnswer>failedFuture(thrown)
                    : Continuations.now(answer(participant, changed, true, until));
            }).thenCompose(told -> told);
    }

    private CompletionStage<HttpAnswer> resume(String participant, Route.Call call) {
        InterventionBody.of("resume", call);
        return Continuations.then(holds.release(participant),
            changed -> answer(participant, changed, false, null));
    }

    private static HttpAnswer answer(
            String participant, boolean changed, boolean isPaused, Instant until) {
        return HttpAnswer.json(200, JsonOut.object(out -> {
            out.writeStringField("participant", participant);
            out.writeBooleanField("changed", changed);
            out.writeBooleanField("paused", isPaused);
            TransactionJson.time(out, "paused_until", until);
        }));
    }
}

package http;

import static http.Route.delete;
import static http.Route.get;
import static http.Route.post;
import static security.Permission.TEST;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import transaction.InvalidRequest;
import transaction.Reply;
import transaction.Submission;
import transaction.TestControls;
import transaction.TransactionId;
import wire.JsonIn;
import wire.KnownKeys;

/** The controls of the test mode, {@code /api/test}. They exist in the test mode alone. */
final class TestRoutes {

    private static final String BASE = "/api/test/";

    private final TestControls controls;
    private final Executor renderer;

    TestRoutes(TestControls controls, Executor renderer) {
        this.controls = controls;
        this.renderer = renderer;
    }

    List<Route> routes() {
        return List.of(
            post(BASE + "clock/advance", TEST, call -> advance(call.body())),
            post(BASE + "manual", TEST, call -> manual(call.body())),
            post(BASE + "run", TEST, this::run),
            post(BASE + "run-due", TEST, call -> runDue()),
            post(BASE + "pass-delay", TEST, call -> delay(call.body())),
            get(BASE + "passes", TEST, call -> passes(call.query())),
            delete(BASE + "data", TEST, call -> done(controls.clear())));
    }

    private CompletionStage<HttpAnswer> advance(byte[] body) {
        int seconds = amount(body, "seconds", TestControls.ADVANCE_MAX.toSeconds());
        return Continuations.then(controls.advance(Duration.ofSeconds(seconds)),
            now -> HttpAnswer.json(200, JsonOut.object(
                out -> out.writeStringField("time", WireRecords.time(now)))));
    }

    private CompletionStage<HttpAnswer> manual(byte[] body) {
        return done(controls.manual(one(body, "on", JsonIn::flag)));
    }

    private CompletionStage<HttpAnswer> run(Route.Call call) {
        String gid = WireTransaction.stripped(one(call.body(), "gid", JsonIn::text));
        Submission.checkGid(gid);
        String id = new TransactionId(call.caller().namespace(), gid).text();
        return controls.run(id).thenApplyAsync(reply -> reply instanceof Reply.Found found
            ? HttpAnswer.json(200, WireRecords.readableBy(call.caller()).query(gid, found))
            : HttpAnswer.of(reply), renderer);
    }

    private CompletionStage<HttpAnswer> runDue() {
        return Continuations.then(controls.runDue(), gid -> HttpAnswer.json(200,
            JsonOut.object(out -> out.writeStringField("gid", gid))));
    }

    private CompletionStage<HttpAnswer> delay(byte[] body) {
        controls.delayPasses(Duration.ofMillis(
            amount(body, "millis", TestControls.PASS_DELAY_MAX.toMillis())));
        return Continuations.now(HttpAnswer.SUCCESS);
    }

    private CompletionStage<HttpAnswer> passes(QueryString query) {
        long after = query.amount("after", Long.MAX_VALUE);
        Duration wait = Duration.ofMillis(
            query.amount("wait", TestControls.PASSES_WAIT_MAX.toMillis()));
        return controls.passes(after, wait).thenApplyAsync(found ->
            HttpAnswer.json(200, JsonOut.object(out -> {
                out.writeArrayFieldStart("passes");
                for (TestControls.Pass pass : found) {
                    out.writeStartObject();
                    out.writeNumberField("number", pass.number());
                    out.writeStringField("gid", TransactionId.gidOf(pass.gid()));
                    out.writeStringField("status", pass.status().wire());
                    out.writeEndObject();
                }
                out.writeEndArray();
            })), renderer);
    }

    private static CompletionStage<HttpAnswer> done(CompletionStage<Void> stage) {
        return Continuations.then(stage, done -> HttpAnswer.SUCCESS);
    }

    private static int amount(byte[] body, String key, long most) {
        int amount = one(body, key, JsonIn::integer);
        if (amount < 0 || amount > most) {
            throw new InvalidRequest(key + " must be between 0 and " + most + ": " + amount);
        }
        return amount;
    }

    /** The value of that key, which must be there. */
    private static <T> T one(byte[] body, String key, BiFunction<JsonIn, String, T> read) {
        Map<String, T> found = new HashMap<>();
        JsonIn.whole(body, in -> {
            in.object("the body", KnownKeys.of(key), known -> found.put(key, read.apply(in, key)));
            return found;
        });
        if (!found.containsKey(key)) {
            throw new InvalidRequest("no " + key + " specified");
        }
        return found.get(key);
    }
}

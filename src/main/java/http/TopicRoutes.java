package http;

import static http.Route.delete;
import static http.Route.get;
import static security.Permission.OPERATE;
import static security.Permission.READ;

import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import security.ScopedCoordinator;
import transaction.Coordinator;
import transaction.Limits;
import transaction.Reply;
import transaction.Topics;
import wire.TopicRequest;

/** Topics, and their view as keys and values (protocol section 1.10). */
final class TopicRoutes {

    private static final int DEFAULT_ROWS = 100;

    private final Coordinator coordinator;
    private final Executor renderer;

    TopicRoutes(Coordinator coordinator, Executor renderer) {
        this.coordinator = coordinator;
        this.renderer = renderer;
    }

    List<Route> routes() {
        return List.of(
            get(ApiRoutes.BASE + "subscribe", OPERATE,
                call -> answer(request(call.query()).subscribe(topics(call)))).changing(),
            get(ApiRoutes.BASE + "unsubscribe", OPERATE,
                call -> answer(request(call.query()).unsubscribe(topics(call)))).changing(),
            delete(ApiRoutes.BASE + "topic/{topic}", OPERATE,
                call -> answer(new TopicRequest(call.named("topic"), "", "").delete(topics(call)))),
            get(ApiRoutes.BASE + "scanKV", READ, this::scan),
            get(ApiRoutes.BASE + "queryKV", READ, this::find));
    }

    private Topics topics(Route.Call call) {
        return ScopedCoordinator.of(coordinator, call.caller()).topics();
    }

    private static TopicRequest request(QueryString query) {
        return new TopicRequest(query.text("topic"), query.text("url"), query.text("remark"));
    }

    private static CompletionStage<HttpAnswer> answer(CompletionStage<Reply> reply) {
        return Continuations.then(reply, HttpAnswer::of);
    }

    private CompletionStage<HttpAnswer> scan(Route.Call call) {
        QueryString query = call.query();
        int limit = query.count("limit", DEFAULT_ROWS, Limits.PAGE_ROWS);
        if (!query.text("cat").equals(WireKeyValues.TOPICS)) {
            return Continuations.now(HttpAnswer.json(200, WireKeyValues.page(List.of(), "")));
        }
        String position = query.text("position");
        TopicRequest.requireName("position", position);
        return Continuations.then(topics(call).list(position, limit), page ->
            HttpAnswer.json(200, WireKeyValues.page(page.rows(), page.next())));
    }

    private CompletionStage<HttpAnswer> find(Route.Call call) {
        QueryString query = call.query();
        String key = query.text("key");
        if (!query.text("cat").equals(WireKeyValues.TOPICS) || key.isEmpty()) {
            return Continuations.now(HttpAnswer.json(200, WireKeyValues.of(List.of())));
        }
        TopicRequest.requireName("key", key);
        return topics(call).find(key).thenApplyAsync(
            found -> HttpAnswer.json(200, WireKeyValues.of(found.stream().toList())), renderer);
    }
}

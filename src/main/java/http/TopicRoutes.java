package http;

import static http.Route.delete;
import static http.Route.get;

import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import transaction.Bytes;
import transaction.Details;
import transaction.InvalidRequest;
import transaction.Limits;
import transaction.Mode;
import transaction.Options;
import transaction.Protocol;
import transaction.Submission;
import transaction.Topics;

/** Topics, and their view as keys and values (protocol section 1.10). */
final class TopicRoutes {

    private static final int DEFAULT_ROWS = 100;

    private final Topics topics;
    private final Executor renderer;

    TopicRoutes(Topics topics, Executor renderer) {
        this.topics = topics;
        this.renderer = renderer;
    }

    List<Route> routes() {
        return List.of(
            get(ApiRoutes.BASE + "subscribe", call -> subscribe(call.query())),
            get(ApiRoutes.BASE + "unsubscribe", call -> unsubscribe(call.query())),
            delete(ApiRoutes.BASE + "topic/{name}", call -> drop(call.name())),
            get(ApiRoutes.BASE + "scanKV", call -> scan(call.query())),
            get(ApiRoutes.BASE + "queryKV", call -> find(call.query())));
    }

    private CompletionStage<HttpAnswer> subscribe(Query query) {
        String topic = topic(query.text("topic"));
        String url = url(query.text("url"));
        String remark = query.text("remark");
        atMost("remark", remark, Limits.REMARK_CHARS);
        requireDeliverable(url);
        return Stages.then(topics.subscribe(topic, url, remark), HttpAnswer::of);
    }

    private CompletionStage<HttpAnswer> unsubscribe(Query query) {
        return Stages.then(topics.unsubscribe(topic(query.text("topic")), url(query.text("url"))),
            HttpAnswer::of);
    }

    private CompletionStage<HttpAnswer> drop(String name) {
        return Stages.then(topics.delete(topic(name)), HttpAnswer::of);
    }

    private CompletionStage<HttpAnswer> scan(Query query) {
        int limit = query.count("limit", DEFAULT_ROWS, Limits.PAGE_ROWS);
        if (!query.text("cat").equals(WireKeyValues.TOPICS)) {
            return Stages.now(HttpAnswer.json(200, WireKeyValues.page(List.of(), "")));
        }
        return topics.list(query.text("position"), limit).thenApplyAsync(found -> {
            String next = found.size() < limit ? "" : found.get(found.size() - 1).name();
            return HttpAnswer.json(200, WireKeyValues.page(found, next));
        }, renderer);
    }

    private CompletionStage<HttpAnswer> find(Query query) {
        String key = query.text("key");
        if (!query.text("cat").equals(WireKeyValues.TOPICS) || key.isEmpty()) {
            return Stages.now(HttpAnswer.json(200, WireKeyValues.of(List.of())));
        }
        return topics.find(key).thenApplyAsync(
            found -> HttpAnswer.json(200, WireKeyValues.of(found.stream().toList())), renderer);
    }

    private static String topic(String name) {
        if (name.isEmpty()) {
            throw new InvalidRequest("empty topic");
        }
        atMost("topic", name, Limits.TOPIC_CHARS);
        if (name.chars().anyMatch(Character::isISOControl)) {
            throw new InvalidRequest("topic has a control character");
        }
        return name;
    }

    private static String url(String url) {
        if (url.isEmpty()) {
            throw new InvalidRequest("empty url");
        }
        atMost("url", url, Limits.URL_CHARS);
        return url;
    }

    /** A subscriber is a url that a message may go to, so the rules of messages judge it. */
    private static void requireDeliverable(String url) {
        if (!url.startsWith("http://") && !url.startsWith("https://")) {
            throw new InvalidRequest(
                "url must start with http:// or https://: " + Limits.cut(url, 200));
        }
        new Submission("subscriber", Mode.MSG,
            List.of(new Submission.Step(url, "", Bytes.EMPTY)), "", Protocol.HTTP, "",
            Details.PLAIN, Options.NONE);
    }

    private static void atMost(String what, String text, int chars) {
        if (text.length() > chars) {
            throw new InvalidRequest(what + " is longer than " + chars + " characters");
        }
    }
}

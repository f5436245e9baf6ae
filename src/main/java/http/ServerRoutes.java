package http;

import static http.Route.get;

import audit.Row;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import security.Caller;
import security.Permission;
import security.Scope;
import transaction.Context;
import transaction.Mode;
import transaction.Topics;
import wire.TopicRequest;

/** What a server and its cluster are, and who the caller is to it: {@code /api/v1}. */
final class ServerRoutes {

    /** The API in the form of OpenAPI 3.1. */
    static final String DESCRIPTION = "/api/openapi.yaml";

    private static final HttpAnswer OPENAPI = openapi();

    private final Topics topics;
    private final Ops ops;

    ServerRoutes(Topics topics, Ops ops) {
        this.topics = topics;
        this.ops = ops;
    }

    List<Route> routes() {
        return List.of(get(Problem.BASE + "me", Permission.KNOWN, this::me).always(),
            get(Problem.BASE + "cluster", Permission.READ, this::cluster),
            get(Problem.BASE + "settings", Permission.ADMINISTER, this::settings),
            get(Problem.BASE + "audit", Permission.OPERATE, this::audit),
            get(Problem.BASE + "topics", Permission.READ, this::topics),
            get(DESCRIPTION, Permission.NONE, this::description).always());
    }

    private CompletionStage<HttpAnswer> cluster(Route.Call call) {
        call.query().requireKnown(Set.of());
        return Continuations.now(HttpAnswer.json(200, JsonOut.object(out -> {
            out.writeArrayFieldStart("nodes");
            for (ClusterView.Node each : ops.cluster().nodes()) {
                out.writeStartObject();
                out.writeStringField("address", each.address());
                out.writeStringField("status", each.status());
                TransactionJson.time(out, "since", each.since());
                out.writeBooleanField("self", each.self());
                out.writeEndObject();
            }
            out.writeEndArray();
        })));
    }

    private CompletionStage<HttpAnswer> settings(Route.Call call) {
        call.query().requireKnown(Set.of());
        return Continuations.now(HttpAnswer.json(200, Paging.json(
            List.copyOf(ops.cluster().settings().entrySet()), (out, each) -> {
                out.writeStartObject();
                out.writeStringField("key", each.getKey());
                out.writeStringField("value", each.getValue());
                out.writeEndObject();
            })));
    }

    private CompletionStage<HttpAnswer> audit(Route.Call call) {
        call.query().requireKnown(Set.of("cursor", "limit"));
        if (!isOfServer(call.caller())) {
            return Continuations.now(Problem.of(403, "the audit log is of all namespaces: an"
                + " operator of the whole server may read it"));
        }
        Paging page = Paging.of(call.query());
        long before = page.cursor().isEmpty() ? Long.MAX_VALUE
            : call.query().amount("cursor", Long.MAX_VALUE);
        return Continuations.then(ops.cluster().audit(before, page.limit()), rows -> {
            long last = rows.isEmpty() ? 0 : rows.get(rows.size() - 1).number();
            return HttpAnswer.json(200, Paging.json(rows,
                rows.size() < page.limit() || last <= 1 ? "" : String.valueOf(last),
                ServerRoutes::row));
        });
    }

    /** Whether it may see what concerns all namespaces. */
    static boolean isOfServer(Caller caller) {
        return caller.mayName() || caller.namespace().equals(Context.DEFAULT_NAMESPACE);
    }

    private static void row(JsonGenerator out, Row row) throws IOException {
        out.writeStartObject();
        out.writeNumberField("number", row.number());
        TransactionJson.time(out, "at", Instant.EPOCH.plus(row.at(), ChronoUnit.MICROS));
        out.writeStringField("kind", row.act().kind().text());
        out.writeStringField("who", row.act().who().name());
        out.writeStringField("role", row.act().who().role());
        out.writeStringField("from", row.act().who().address());
        out.writeStringField("act", row.act().action());
        out.writeStringField("target", row.act().target());
        TransactionJson.text(out, "reason", row.act().reason());
        TransactionJson.text(out, "before", row.act().before());
        TransactionJson.text(out, "after", row.act().after());
        TransactionJson.text(out, "result", row.act().result());
        out.writeEndObject();
    }

    private CompletionStage<HttpAnswer> topics(Route.Call call) {
        call.query().requireKnown(Set.of("cursor", "limit"));
        Paging page = Paging.of(call.query());
        TopicRequest.requireName("cursor", page.cursor());
        Topics own = topics.in(call.caller().namespace());
        return Continuations.then(own.list(page.cursor(), page.limit()), found ->
            HttpAnswer.json(200, Paging.json(found.rows(), found.next(), ServerRoutes::topic)));
    }

    private static void topic(JsonGenerator out, Topics.Topic topic) throws IOException {
        out.writeStartObject();
        out.writeStringField("topic", topic.name());
        out.writeArrayFieldStart("subscribers");
        for (Topics.Subscriber each : topic.subscribers()) {
            out.writeStartObject();
            out.writeStringField("url", each.url());
            TransactionJson.text(out, "remark", each.remark());
            out.writeEndObject();
        }
        out.writeEndArray();
        out.writeNumberField("version", topic.version());
        TransactionJson.time(out, "created_at", topic.createdAt());
        TransactionJson.time(out, "updated_at", topic.updatedAt());
        out.writeEndObject();
    }

    private CompletionStage<HttpAnswer> description(Route.Call call) {
        return Continuations.now(OPENAPI);
    }

    private static HttpAnswer openapi() {
        try (InputStream file = ServerRoutes.class.getResourceAsStream("/openapi.yaml")) {
            return new HttpAnswer(200, HttpAnswer.Format.YAML, file.readAllBytes(), "");
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private CompletionStage<HttpAnswer> me(Route.Call call) {
        call.query().requireKnown(Set.of());
        Caller caller = call.caller();
        return Continuations.now(HttpAnswer.json(200, JsonOut.object(out -> {
            out.writeStringField("name", caller.name());
            out.writeStringField("role", caller.role().text());
            out.writeArrayFieldStart("permissions");
            for (String each : permissions(caller)) {
                out.writeString(each);
            }
            out.writeEndArray();
            if (caller.scope().isAll()) {
                out.writeNullField("scope");
            } else {
                scope(out, caller.scope());
            }
            out.writeStringField("version", ops.version().get());
            out.writeStringField("profile", ops.profile());
        })));
    }

    private static List<String> permissions(Caller caller) {
        return Stream.of(Permission.values())
            .filter(each -> each != Permission.NONE && each != Permission.KNOWN)
            .filter(caller::may).map(Permission::text).toList();
    }

    private static void scope(JsonGenerator out, Scope scope) throws IOException {
        out.writeObjectFieldStart("scope");
        out.writeArrayFieldStart("gids");
        for (String pattern : scope.gids()) {
            out.writeString(pattern);
        }
        out.writeEndArray();
        out.writeArrayFieldStart("modes");
        for (String mode : scope.modes().stream().map(Mode::wire).sorted().toList()) {
            out.writeString(mode);
        }
        out.writeEndArray();
        out.writeEndObject();
    }
}

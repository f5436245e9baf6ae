package http;

import static http.Route.get;
import static security.Permission.READ;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletionStage;
import java.util.stream.Stream;
import security.ScopedCoordinator;
import transaction.Coordinator;
import transaction.TransactionIndex.Count;
import transaction.TransactionIndex.Group;
import transaction.TransactionIndex.Troubles;

/** What an operator looks at first: what needs somebody, at whom, and how all of it does. */
final class DeskRoutes {

    /** Groups that are told of. More causes than that are one cause, and nobody reads them. */
    static final int GROUPS = 200;

    private final Coordinator coordinator;
    private final Ops ops;

    DeskRoutes(Coordinator coordinator, Ops ops) {
        this.coordinator = coordinator;
        this.ops = ops;
    }

    List<Route> routes() {
        return List.of(
            get(Problem.BASE + "attention", READ, this::attention),
            get(Problem.BASE + "participants", READ, this::participants),
            get(Problem.BASE + "overview", READ, this::overview));
    }

    private CompletionStage<Troubles> troubles(Route.Call call) {
        return ScopedCoordinator.of(coordinator, call.caller()).index()
            .troubles(call.caller().namespace(), GROUPS);
    }

    private CompletionStage<HttpAnswer> attention(Route.Call call) {
        call.query().requireKnown(Set.of());
        return Continuations.then(troubles(call), found ->
            HttpAnswer.json(200, JsonOut.object(out -> {
                Paging.items(out, found.groups(), DeskRoutes::group);
                out.writeNullField("next");
                out.writeBooleanField("complete", found.complete());
            })));
    }

    private static void group(JsonGenerator out, Group group) throws IOException {
        out.writeStartObject();
        Map<String, String> filter = new LinkedHashMap<>();
        filter.put("cause", group.trouble().cause());
        filter.put("participant", group.trouble().participant());
        filter.put("error_is", group.trouble().error());
        filter.values().removeIf(String::isEmpty);
        out.writeStringField("cause", group.trouble().cause());
        TransactionJson.text(out, "participant", group.trouble().participant());
        TransactionJson.text(out, "error", group.trouble().error());
        out.writeNumberField("count", group.count());
        TransactionJson.time(out, "oldest_at", group.oldest());
        out.writeObjectFieldStart("filter");
        for (var each : filter.entrySet()) {
            out.writeStringField(each.getKey(), each.getValue());
        }
        out.writeEndObject();
        out.writeEndObject();
    }

    /** Those at which something is stuck. */
    private CompletionStage<HttpAnswer> participants(Route.Call call) {
        call.query().requireKnown(Set.of());
        return Continuations.then(troubles(call), found -> {
            Map<String, List<Group>> by = new TreeMap<>();
            for (Group each : found.groups()) {
                if (!each.trouble().participant().isEmpty()) {
                    by.merge(each.trouble().participant(), List.of(each), DeskRoutes::both);
                }
            }
            return HttpAnswer.json(200,
                Paging.json(List.copyOf(by.entrySet()), DeskRoutes::participant));
        });
    }

    private static List<Group> both(List<Group> some, List<Group> more) {
        return Stream.concat(some.stream(), more.stream()).toList();
    }

    private static void participant(JsonGenerator out, Map.Entry<String, List<Group>> at)
            throws IOException {
        out.writeStartObject();
        out.writeStringField("participant", at.getKey());
        out.writeNumberField("stuck", at.getValue().stream().mapToLong(Group::count).sum());
        TransactionJson.time(out, "oldest_at", at.getValue().stream().map(Group::oldest)
            .min(Instant::compareTo).orElseThrow());
        Map<String, Long> causes = new TreeMap<>();
        at.getValue().forEach(
            each -> causes.merge(each.trouble().cause(), each.count(), Long::sum));
        out.writeObjectFieldStart("causes");
        for (var each : causes.entrySet()) {
            out.writeNumberField(each.getKey(), each.getValue());
        }
        out.writeEndObject();
        out.writeEndObject();
    }

    /** Counts all there are, so it is not for those who may see a part. */
    private CompletionStage<HttpAnswer> overview(Route.Call call) {
        call.query().requireKnown(Set.of());
        if (!call.caller().scope().isAll() || !ServerRoutes.isOfServer(call.caller())) {
            return Continuations.now(Problem.of(
                403, "this counts all transactions: a caller with a scope"
                + " or a namespace may not ask for it"));
        }
        return Continuations.then(coordinator.index().unfinished(), counts ->
            HttpAnswer.json(200, JsonOut.object(out -> {
                out.writeArrayFieldStart("unfinished");
                for (Count each : counts) {
                    count(out, each);
                }
                out.writeEndArray();
                Optional<String> trouble = coordinator.notReadyBecause();
                out.writeBooleanField("ready", trouble.isEmpty());
                texts(out, "reasons", trouble.stream().toList());
                texts(out, "warnings", ops.warnings().get());
            })));
    }

    private static void count(JsonGenerator out, Count count) throws IOException {
        out.writeStartObject();
        out.writeStringField("mode", count.mode().wire());
        out.writeStringField("status", count.status().wire());
        out.writeNumberField("count", count.count() + count.quarantined());
        TransactionJson.time(out, "oldest_at", count.oldest());
        out.writeNumberField("parked", count.parked());
        out.writeNumberField("quarantined", count.quarantined());
        out.writeEndObject();
    }

    private static void texts(JsonGenerator out, String key, List<String> texts)
            throws IOException {
        out.writeArrayFieldStart(key);
        for (String each : texts) {
            out.writeString(each);
        }
        out.writeEndArray();
    }
}

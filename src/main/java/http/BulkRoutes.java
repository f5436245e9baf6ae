package http;

import static http.Route.get;
import static http.Route.post;
import static security.Permission.OPERATE;
import static security.Permission.READ;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Stream;
import security.Caller;
import security.ScopedCoordinator;
import transaction.Bulk;
import transaction.Bulks;
import transaction.Coordinator;
import transaction.InvalidRequest;
import transaction.Limits;
import transaction.Moment;
import transaction.Selection;

/** One action on many transactions, {@code /api/v1/bulk}: counted, begun, followed and held. */
final class BulkRoutes {

    private static final String ALL = Problem.BASE + "bulk";
    private static final String ONE = ALL + "/{id}";

    private final Coordinator coordinator;
    private final Bulks bulks;
    private final Supplier<Moment> moment;

    /** @param moment when something begins */
    BulkRoutes(Coordinator coordinator, Bulks bulks, Supplier<Moment> moment) {
        this.coordinator = coordinator;
        this.bulks = bulks;
        this.moment = moment;
    }

    List<Route> routes() {
        return Stream.concat(
            Stream.of(
                post(ALL, OPERATE, this::begin),
                post(ALL + "/count", OPERATE, this::count).changingNothing(),
                get(ALL, READ, unscoped(this::list)),
                get(ONE, READ, unscoped(this::one)),
                get(ONE + "/items", READ, unscoped(this::items))),
            Arrays.stream(Bulk.Order.values()).map(order ->
                post(ONE + "/" + order.wire(), OPERATE, call -> order(order, call)))).toList();
    }

    /** An operation has transactions of any scope, so who has one is told of none. */
    private static Route.Handler unscoped(Route.Handler handler) {
        return call -> call.caller().scope().isAll() ? handler.handle(call)
            : Continuations.now(Problem.of(403, "bulk operations are on transactions of any"
                + " scope: a caller with a scope may not ask for them"));
    }

    private CompletionStage<HttpAnswer> count(Route.Call call) {
        BulkBody asked = BulkBody.of(call);
        asked.action().check(moment.get().now());
        return Continuations.then(select(call.caller(), asked), found ->
            HttpAnswer.json(200, JsonOut.object(out -> {
                out.writeNumberField("count", found.gids().size());
                out.writeBooleanField("complete", found.isComplete());
                out.writeArrayFieldStart("sample");
                for (String gid : found.gids().subList(
                        0, Math.min(Limits.BULK_SAMPLE, found.gids().size()))) {
                    out.writeString(gid);
                }
                out.writeEndArray();
            })));
    }

    private CompletionStage<HttpAnswer> begin(Route.Call call) {
        BulkBody asked = BulkBody.of(call);
        InvalidRequest.require(asked.expect() > 0, "no expect specified: how many transactions"
            + " you agree to; POST " + ALL + "/count counts them");
        String namespace = call.caller().namespace();
        String id = asked.id().isEmpty() ? coordinator.newGid() : asked.id();
        // What was begun before may have changed what there is to be counted, and be too late now.
        return bulks.find(namespace, id).thenComposeAsync(known -> known.isPresent()
            ? Continuations.now(again(known.get(), asked))
            : beginNew(call.caller(), id, asked), Runnable::run);
    }

    private CompletionStage<HttpAnswer> beginNew(Caller caller, String id, BulkBody asked) {
        Instant now = moment.get().now();
        asked.action().check(now);
        return select(caller, asked).thenComposeAsync(found -> {
            String bar = bar(asked, found);
            return !bar.isEmpty() ? Continuations.now(Problem.of(409, bar))
                : begun(Bulk.begun(caller.namespace(), id, asked.action(), asked.selection(),
                    found.gids().size(), now), found.gids());
        }, Runnable::run);
    }

    private static HttpAnswer again(Bulk known, BulkBody asked) {
        return known.isOf(asked.action(), asked.selection())
            ? HttpAnswer.json(200, BulkJson.one(known))
            : Problem.of(409, "another bulk operation has the id " + known.id());
    }

    private CompletionStage<Selection> select(Caller caller, BulkBody asked) {
        return Selection.of(ScopedCoordinator.of(coordinator, caller).index(), asked.filter(),
            Limits.BULK_ITEMS);
    }

    /** Why it cannot begin; empty if it can. */
    private static String bar(BulkBody asked, Selection found) {
        int count = found.gids().size();
        if (!found.isComplete()) {
            return "more than " + Limits.BULK_ITEMS + " transactions match, which is more than"
                + " one bulk operation may have: narrow the filter";
        }
        if (count == 0) {
            return "no unfinished transaction matches";
        }
        return Bulk.mayBegin(asked.action().kind(), count, asked.expect()) ? ""
            : count + " transactions match, which is more than the " + asked.expect()
                + " that were expected: look at them, and count again";
    }

    private CompletionStage<HttpAnswer> begun(Bulk bulk, List<String> gids) {
        return told(Continuations.then(bulks.begin(bulk, gids),
            begun -> HttpAnswer.json(200, BulkJson.one(begun))));
    }

    private CompletionStage<HttpAnswer> order(Bulk.Order order, Route.Call call) {
        // They take a reason, and nothing else.
        InterventionBody.of("resume", call);
        String id = call.named("id");
        if (!Bulk.isId(id)) {
            return Continuations.now(missing(id));
        }
        return told(Continuations.then(
            bulks.order(call.caller().namespace(), id, order, call.caller().name()),
            found -> found.map(bulk -> HttpAnswer.json(200, BulkJson.one(bulk)))
                .orElseGet(() -> missing(id))));
    }

    /** With what cannot be as a problem that says why. */
    private static CompletionStage<HttpAnswer> told(CompletionStage<HttpAnswer> answer) {
        return answer.exceptionallyComposeAsync(thrown ->
            Continuations.cause(thrown) instanceof Bulks.Conflict conflict
                ? Continuations.now(Problem.of(409, conflict.getMessage()))
                : CompletableFuture.failedFuture(thrown), Runnable::run);
    }

    private CompletionStage<HttpAnswer> list(Route.Call call) {
        call.query().requireKnown(Set.of("cursor", "limit"));
        Paging page = Paging.of(call.query());
        return Continuations.then(
            bulks.list(call.caller().namespace(), page.cursor(), page.limit()),
            found -> HttpAnswer.json(200,
                Paging.json(found.operations(), found.next(), BulkJson::row)));
    }

    private CompletionStage<HttpAnswer> one(Route.Call call) {
        call.query().requireKnown(Set.of());
        String id = call.named("id");
        return Continuations.then(known(call.caller().namespace(), id), found -> found
            .map(bulk -> HttpAnswer.json(200, BulkJson.one(bulk))).orElseGet(() -> missing(id)));
    }

    private CompletionStage<HttpAnswer> items(Route.Call call) {
        call.query().requireKnown(Set.of("result", "cursor", "limit"));
        Paging page = Paging.of(call.query());
        var result = ApiRoutes.said(call.query().text("result"), "result", Bulk.Result::of);
        int after = (int) call.query().amount("cursor", Limits.BULK_ITEMS);
        String id = call.named("id");
        String namespace = call.caller().namespace();
        return known(namespace, id).thenComposeAsync(known -> known.isEmpty()
            ? Continuations.now(missing(id))
            : Continuations.then(bulks.items(namespace, id, result, after, page.limit()),
                found -> HttpAnswer.json(200, Paging.json(found.items(),
                    found.next() == 0 ? "" : String.valueOf(found.next()), BulkJson::item))),
            Runnable::run);
    }

    /** What can be no id is there under no circumstances, and no text for every database. */
    private CompletionStage<Optional<Bulk>> known(String namespace, String id) {
        return Bulk.isId(id) ? bulks.find(namespace, id) : Continuations.now(Optional.empty());
    }

    private static HttpAnswer missing(String id) {
        return Problem.of(
            404, "there is no bulk operation with the id " + Limits.cut(id, 100));
    }
}

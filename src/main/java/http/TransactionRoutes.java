package http;

import static http.Route.get;
import static security.Permission.READ;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import security.Caller;
import security.ScopedCoordinator;
import transaction.Coordinator;
import transaction.Explanation;
import transaction.Moment;
import transaction.Reply;
import transaction.Submission;
import transaction.TransactionIndex;

/** Transactions as people and tools read them, {@code /api/v1/transactions}. */
final class TransactionRoutes {

    static final String ALL = Problem.BASE + "transactions";
    static final String ONE = ALL + "/{gid}";

    private final Coordinator coordinator;
    private final Executor renderer;
    private final Outbox outbox;
    private final Supplier<Moment> moment;

    /**
     * @param renderer runs what takes longer: writing whole transactions
     * @param outbox has the room for them
     * @param moment when a decision would be made, and under which settings
     */
    TransactionRoutes(Coordinator coordinator, Executor renderer, Outbox outbox,
            Supplier<Moment> moment) {
        this.coordinator = coordinator;
        this.renderer = renderer;
        this.outbox = outbox;
        this.moment = moment;
    }

    List<Route> routes() {
        return List.of(
            get(ALL, READ, this::list).showing(),
            get(ONE, READ, this::one).showing(),
            get(ONE + "/history", READ, this::history).showing(),
            get(ONE + "/explain", READ, this::explain).showing());
    }

    /** Written on the thread that has read it: so lists take up no more than that thread. */
    private CompletionStage<HttpAnswer> list(Route.Call call) {
        TransactionQuery asked = TransactionQuery.of(call.query());
        TransactionJson json = TransactionJson.readableBy(call.caller());
        return Continuations.then(
            index(call.caller()).list(asked.filter(), asked.page().cursor(), asked.page().limit()),
            page -> HttpAnswer.json(200, Paging.json(page.rows(), page.next(), json::row)));
    }

    /** The transaction itself with its branches, or why it is not told. */
    CompletionStage<HttpAnswer> one(Route.Call call) {
        call.query().requireKnown(Set.of());
        String gid = gid(call);
        TransactionJson json = TransactionJson.readableBy(call.caller());
        return coordinator(call.caller()).find(gid).thenComposeAsync(
            reply -> reply instanceof Reply.Found found ? written(call.caller(), gid, found, json)
                : Continuations.now(
                    reply instanceof Reply.Unclear ? HttpAnswer.UNREAD : Problem.of(reply)),
            renderer);
    }

    /** Of a history that cannot be read, the index still has its row. */
    private CompletionStage<HttpAnswer> written(
            Caller caller, String gid, Reply.Found found, TransactionJson json) {
        if (found.summary() == null && found.transaction().isQuarantined()) {
            return index(caller).find(gid).thenApplyAsync(
                row -> row.map(each -> HttpAnswer.json(200, json.unreadable(each)))
                    .orElseGet(() -> Problem.noTransaction(gid)),
                renderer);
        }
        if (found.summary() == null) {
            return Continuations.now(Problem.noTransaction(gid));
        }
        long payloads = outbox.payloadBytes();
        return Continuations.now(HttpAnswer.json(200, outbox.write(
            WireRecords.bytesOf(found, payloads), () -> json.whole(found, payloads))));
    }

    private CompletionStage<HttpAnswer> history(Route.Call call) {
        call.query().requireKnown(Set.of("cursor", "limit"));
        String gid = gid(call);
        Paging page = Paging.of(call.query());
        long after = call.query().amount("cursor", Long.MAX_VALUE - 1);
        TransactionIndex index = index(call.caller());
        return index.history(gid, after, page.limit()).thenComposeAsync(
            entries -> !entries.entries().isEmpty() || after > 0
                ? Continuations.now(HttpAnswer.json(200,
                    WireHistory.wordedFor(call.caller()).items(entries)))
                : Continuations.then(index.find(gid), row -> row.isEmpty()
                    ? Problem.noTransaction(gid) : HttpAnswer.json(200,
                        WireHistory.wordedFor(call.caller()).items(entries))), renderer);
    }

    private CompletionStage<HttpAnswer> explain(Route.Call call) {
        call.query().requireKnown(Set.of());
        String gid = gid(call);
        ExplanationJson json = ExplanationJson.readableBy(call.caller());
        return coordinator(call.caller()).find(gid).thenApplyAsync(
            reply -> !(reply instanceof Reply.Found found)
                ? reply instanceof Reply.Unclear ? HttpAnswer.UNREAD : Problem.of(reply)
                : found.summary() == null ? Problem.noTransaction(gid)
                : HttpAnswer.json(200, json.of(gid,
                    Explanation.of(found.transaction(), moment.get()))),
            renderer);
    }

    /** The gid of the path, as one that can be. */
    static String gid(Route.Call call) {
        String gid = call.named("gid");
        Submission.checkGid(gid);
        return gid;
    }

    private Coordinator coordinator(Caller caller) {
        return ScopedCoordinator.of(coordinator, caller);
    }

    private TransactionIndex index(Caller caller) {
        return coordinator(caller).index();
    }
}

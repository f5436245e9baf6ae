package http;

import static http.Route.get;
import static http.Route.post;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import transaction.BranchRegistration;
import transaction.Command;
import transaction.Context;
import transaction.Coordinator;
import transaction.InvalidRequest;
import transaction.Limits;
import transaction.Mode;
import transaction.Reply;
import transaction.Status;
import transaction.Submission;
import transaction.TransactionIndex;
import transaction.Unpark;
import wire.TransactionRequest;

/** DTM's interface, {@code /api/dtmsvr}: one line for each path (protocol section 1.2). */
final class ApiRoutes {

    static final String BASE = "/api/dtmsvr/";

    /** In place of a status, for those in quarantine, whatever their status. */
    private static final String QUARANTINED = "quarantined";

    /** The same for those that are parked. */
    private static final String PARKED = "parked";

    /** Before the name of an attribute, in the name of a parameter. */
    private static final String ATTRIBUTE = "attribute.";

    /** The header that a participant got with its call, and sends back. */
    private static final String TOKEN = "Pactor-Token";

    private static final int DEFAULT_ROWS = 100;

    private final Coordinator coordinator;
    private final Duration hurryHorizon;
    private final Executor renderer;
    private final Outbox outbox;

    /**
     * @param hurryHorizon for {@code resetCronTime} without a {@code timeout}
     * @param renderer runs what takes longer: writing whole transactions
     * @param outbox has the room for them
     */
    ApiRoutes(Coordinator coordinator, Duration hurryHorizon, Executor renderer, Outbox outbox) {
        this.coordinator = coordinator;
        this.hurryHorizon = hurryHorizon;
        this.renderer = renderer;
        this.outbox = outbox;
    }

    List<Route> routes() {
        return List.of(
            get(BASE + "newGid", call -> Continuations.now(newGid())),
            post(BASE + "prepare", call -> ask(this::prepare, call)),
            post(BASE + "submit", call -> ask(this::submit, call)),
            post(BASE + "abort", call -> ask(this::abort, call)),
            post(BASE + "registerBranch", call -> ask(this::register, call)),
            post(BASE + "registerTccBranch", call -> ask(this::register, call)),
            post(BASE + "registerXaBranch", call -> ask(this::register, call)),
            post(BASE + "prepareWorkflow", call -> unlessFull(() -> prepareWorkflow(call.body()))),
            post(BASE + "forceStop", call -> ask(this::forceStop, call)),
            post(BASE + "resetNextCronTime", call -> ask(this::retryNow, call)),
            post(BASE + "complete", call -> unlessFull(() -> complete(call))),
            post(BASE + "unpark", call -> ask(this::unpark, call)),
            get(BASE + "resetCronTime", call -> unlessFull(() -> hurryAll(call.query())))
                .changing(),
            get(BASE + "query", call -> query(call.query())),
            get(BASE + "history", call -> unlessFull(() -> history(call.query()))),
            get(BASE + "all", call -> unlessFull(() -> all(call.query()))));
    }

    /** The methods of JSON-RPC, which takes the same bodies. */
    Optional<Function<byte[], CompletionStage<HttpAnswer>>> method(String name) {
        return Optional.ofNullable(switch (name) {
            case "prepare" -> body -> answer(prepare(body));
            case "submit" -> body -> answer(submit(body));
            case "abort" -> body -> answer(abort(body));
            case "registerBranch" -> body -> answer(register(body));
            default -> null;
        });
    }

    private HttpAnswer newGid() {
        return HttpAnswer.json(200, ("{\"dtm_result\":\"SUCCESS\",\"gid\":\""
            + coordinator.newGid() + "\"}").getBytes(StandardCharsets.UTF_8));
    }

    private CompletionStage<Reply> prepare(byte[] body) {
        return coordinator.prepare(WireTransaction.of(body).submission());
    }

    private CompletionStage<Reply> submit(byte[] body) {
        TransactionRequest asked = WireTransaction.of(body);
        return coordinator.send(asked.checkedGid(), asked.submit());
    }

    private CompletionStage<Reply> abort(byte[] body) {
        Command.Abort abort = WireTransaction.of(body).abort();
        return coordinator.send(abort.gid(), abort);
    }

    private CompletionStage<Reply> register(byte[] body) {
        BranchRegistration joining = WireBranch.of(body);
        return coordinator.register(joining);
    }

    private CompletionStage<Reply> forceStop(byte[] body) {
        String gid = WireTransaction.of(body).checkedGid();
        return coordinator.send(gid, new Command.ForceStop(gid));
    }

    private CompletionStage<Reply> retryNow(byte[] body) {
        String gid = WireTransaction.of(body).checkedGid();
        return coordinator.send(gid, new Command.RetryNow(gid));
    }

    private CompletionStage<HttpAnswer> complete(Route.Call call) {
        WireCompletion told = WireCompletion.of(call.body());
        Submission.checkGid(told.gid());
        return answer(coordinator.complete(told.gid(), told.key(), told.succeeded(),
            told.reason(), call.headers().apply(TOKEN)));
    }

    private CompletionStage<Reply> unpark(byte[] body) {
        String gid = WireTransaction.of(body).checkedGid();
        return coordinator.send(gid, new Unpark(gid));
    }

    private CompletionStage<HttpAnswer> prepareWorkflow(byte[] body) {
        Command.PrepareWorkflow asked = WireTransaction.of(body).prepareWorkflow();
        return coordinator.send(asked.submission().gid(), asked).thenApplyAsync(
            reply -> reply instanceof Reply.Found found
                ? HttpAnswer.json(200, outbox.write(WireRecords.bytesOf(found, Long.MAX_VALUE),
                    () -> WireRecords.workflow(found))) : HttpAnswer.of(reply),
            renderer);
    }

    private CompletionStage<HttpAnswer> query(Query query) {
        String gid = WireTransaction.stripped(query.text("gid"));
        if (gid.isEmpty()) {
            // The one mistake of a client that is a 500: tests of DTM's clients pin it.
            return Continuations.now(HttpAnswer.serverError("no gid specified"));
        }
        Submission.checkGid(gid);
        return coordinator.find(gid).thenApplyAsync(reply -> reply instanceof Reply.Found found
            ? HttpAnswer.json(200, written(gid, found))
            : reply instanceof Reply.Unclear ? HttpAnswer.UNREAD : HttpAnswer.of(reply), renderer);
    }

    private byte[] written(String gid, Reply.Found found) {
        long payloads = outbox.payloadBytes();
        return outbox.write(WireRecords.bytesOf(found, payloads),
            () -> WireRecords.query(gid, found, payloads));
    }

    /** Written on the thread that has read it: so lists take up no more than that thread. */
    private CompletionStage<HttpAnswer> all(Query query) {
        String position = query.text("position");
        String gid = WireTransaction.stripped(query.text("gid"));
        if (!gid.isEmpty()) {
            Submission.checkGid(gid);
            return Continuations.then(coordinator.index().find(gid),
                row -> HttpAnswer.json(200, row
                    .map(each -> WireRecords.list(
                        new TransactionIndex.Page(List.of(each), position)))
                    .orElseGet(() -> WireRecords.emptyList(position))));
        }
        int limit = query.count("limit", DEFAULT_ROWS, Limits.PAGE_ROWS);
        return Continuations.then(coordinator.index().list(filter(query), position, limit),
            page -> HttpAnswer.json(200, WireRecords.list(page)));
    }

    private CompletionStage<HttpAnswer> history(Query query) {
        String gid = WireTransaction.stripped(query.text("gid"));
        Submission.checkGid(gid);
        long after = query.amount("position", Long.MAX_VALUE - 1);
        int limit = query.count("limit", DEFAULT_ROWS, Limits.HISTORY_ENTRIES);
        return Continuations.then(coordinator.index().history(gid, after, limit),
            page -> HttpAnswer.json(200, WireHistory.page(gid, page)));
    }

    private CompletionStage<HttpAnswer> hurryAll(Query query) {
        Duration horizon = Duration.ofSeconds(query.seconds("timeout", hurryHorizon.toSeconds()));
        int limit = query.count("limit", DEFAULT_ROWS, Limits.PAGE_ROWS);
        return Continuations.then(coordinator.hurryAll(horizon, limit), hurried ->
            HttpAnswer.json(200, JsonOut.object(out -> {
                out.writeBooleanField("has_remaining", hurried.hasRemaining());
                out.writeNumberField("succeed_count", hurried.count());
            })));
    }

    private static TransactionIndex.Filter filter(Query query) {
        boolean quarantined = query.text("status").equals(QUARANTINED);
        boolean parked = query.text("status").equals(PARKED);
        Map<String, String> attributes = query.texts(ATTRIBUTE);
        Context.checkAttributes(attributes);
        return new TransactionIndex.Filter(
            quarantined || parked ? Optional.empty()
                : said(query.text("status"), "status", Status::of),
            said(query.text("transType"), "transType", Mode::of),
            query.moment("createTimeStart"), query.moment("createTimeEnd"), quarantined,
            parked, attributes);
    }

    /** Absent if nothing was said; what is said must be known. */
    static <T> Optional<T> said(
            String text, String name, Function<String, Optional<T>> of) {
        Optional<T> known = text.isEmpty() ? Optional.empty() : of.apply(text);
        if (known.isEmpty() && !text.isEmpty()) {
            throw new InvalidRequest("unknown " + name + ": " + Limits.cut(text, 100));
        }
        return known;
    }

    private CompletionStage<HttpAnswer> ask(
            Function<byte[], CompletionStage<Reply>> what, Route.Call call) {
        return unlessFull(() -> answer(what.apply(call.body())));
    }

    /** A full node does not read what it refuses: see {@link Coordinator#refusal}. */
    private CompletionStage<HttpAnswer> unlessFull(Supplier<CompletionStage<HttpAnswer>> what) {
        Optional<Reply> refusal = coordinator.refusal();
        return refusal.isPresent()
            ? Continuations.now(HttpAnswer.of(refusal.get())) : what.get();
    }

    private static CompletionStage<HttpAnswer> answer(CompletionStage<Reply> reply) {
        return Continuations.then(reply, HttpAnswer::of);
    }
}

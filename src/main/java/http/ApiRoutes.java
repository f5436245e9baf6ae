package http;

import static http.Route.get;
import static http.Route.post;
import static security.Permission.NONE;
import static security.Permission.OPERATE;
import static security.Permission.READ;
import static security.Permission.TRANSACT;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.Supplier;
import security.Caller;
import security.ScopedCoordinator;
import transaction.BranchRegistration;
import transaction.Command;
import transaction.Completion;
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
            get(BASE + "newGid", TRANSACT, call -> Continuations.now(newGid(call.caller()))),
            post(BASE + "prepare", TRANSACT, call -> ask(this::prepare, call)),
            post(BASE + "submit", TRANSACT, call -> ask(this::submit, call)),
            post(BASE + "abort", TRANSACT, call -> ask(this::abort, call)),
            post(BASE + "registerBranch", TRANSACT, call -> ask(this::register, call)),
            post(BASE + "registerTccBranch", TRANSACT, call -> ask(this::register, call)),
            post(BASE + "registerXaBranch", TRANSACT, call -> ask(this::register, call)),
            post(BASE + "prepareWorkflow", TRANSACT,
                call -> unlessFull(() -> prepareWorkflow(call))),
            post(BASE + "forceStop", OPERATE, call -> ask(this::forceStop, call)),
            post(BASE + "resetNextCronTime", OPERATE, call -> ask(this::retryNow, call)),
            // The token of the call that it completes says more than any identity.
            post(BASE + "complete", NONE, call -> unlessFull(() -> complete(call)))
                .actingIf(ApiRoutes::isOperatorsCompletion),
            post(BASE + "unpark", OPERATE, call -> ask(this::unpark, call)),
            get(BASE + "resetCronTime", OPERATE, call -> unlessFull(() -> hurryAll(call)))
                .changing(),
            get(BASE + "query", READ, this::query).showing(),
            get(BASE + "history", READ, call -> unlessFull(() -> history(call))).showing(),
            get(BASE + "all", READ, call -> unlessFull(() -> all(call))).showing());
    }

    /** The methods of JSON-RPC, which takes the same bodies. */
    Optional<BiFunction<Caller, byte[], CompletionStage<HttpAnswer>>> method(String name) {
        return Optional.ofNullable(switch (name) {
            case "prepare" -> (caller, body) -> answer(prepare(caller, body));
            case "submit" -> (caller, body) -> answer(submit(caller, body));
            case "abort" -> (caller, body) -> answer(abort(caller, body));
            case "registerBranch" -> (caller, body) -> answer(register(caller, body));
            default -> null;
        });
    }

    /** The coordinator as far as {@code caller} may use it. */
    private Coordinator coordinator(Caller caller) {
        return ScopedCoordinator.of(coordinator, caller);
    }

    private HttpAnswer newGid(Caller caller) {
        return HttpAnswer.json(200, JsonOut.object(out -> {
            out.writeStringField("dtm_result", "SUCCESS");
            out.writeStringField("gid", coordinator(caller).newGid());
        }));
    }

    private CompletionStage<Reply> prepare(Caller caller, byte[] body) {
        return coordinator(caller).prepare(WireTransaction.of(body).submission());
    }

    private CompletionStage<Reply> submit(Caller caller, byte[] body) {
        TransactionRequest asked = WireTransaction.of(body);
        return coordinator(caller).send(asked.checkedGid(), asked.submit());
    }

    private CompletionStage<Reply> abort(Caller caller, byte[] body) {
        Command.Abort abort = WireTransaction.of(body).abort();
        return coordinator(caller).send(abort.gid(), abort);
    }

    private CompletionStage<Reply> register(Caller caller, byte[] body) {
        BranchRegistration joining = WireBranch.of(body);
        return coordinator(caller).register(joining);
    }

    private CompletionStage<Reply> forceStop(Caller caller, byte[] body) {
        String gid = WireTransaction.of(body).checkedGid();
        return coordinator(caller).send(gid, new Command.ForceStop(gid, caller.name()));
    }

    private CompletionStage<Reply> retryNow(Caller caller, byte[] body) {
        String gid = WireTransaction.of(body).checkedGid();
        return coordinator(caller).send(gid, new Command.RetryNow(gid, false, caller.name()));
    }

    private CompletionStage<HttpAnswer> complete(Route.Call call) {
        WireCompletion told = WireCompletion.of(call.body());
        Submission.checkGid(told.gid());
        String token = call.headers().apply(TOKEN);
        Coordinator own = coordinator(call.caller());
        return isOperatorsCompletion(call) ? answer(completeAsOperator(own, told))
            : answer(own.complete(
                told.gid(), told.key(), told.succeeded(), told.reason(), token));
    }

    private static boolean isOperatorsCompletion(Route.Call call) {
        return call.headers().apply(TOKEN).isEmpty() && call.caller().isNamed()
            && call.caller().may(OPERATE);
    }

    /** Whoever may do so to any transaction needs no token of a call. */
    private CompletionStage<Reply> completeAsOperator(
            Coordinator own, WireCompletion told) {
        return own.find(told.gid()).thenComposeAsync(
            reply -> !(reply instanceof Reply.Found found) ? Continuations.now(reply)
                : found.summary() == null
                    ? Continuations.now(new Reply.Missing("there is no gid " + told.gid()))
                    : own.send(told.gid(), new Completion(told.gid(), told.key(),
                        told.succeeded(), told.reason(), found.summary().openedAt())),
            renderer);
    }

    private CompletionStage<Reply> unpark(Caller caller, byte[] body) {
        String gid = WireTransaction.of(body).checkedGid();
        return coordinator(caller).send(gid, new Unpark(gid, caller.name()));
    }

    private CompletionStage<HttpAnswer> prepareWorkflow(Route.Call call) {
        Command.PrepareWorkflow asked = WireTransaction.of(call.body()).prepareWorkflow();
        return coordinator(call.caller()).send(asked.submission().gid(), asked).thenApplyAsync(
            reply -> reply instanceof Reply.Found found
                ? HttpAnswer.json(200, outbox.write(WireRecords.bytesOf(found, Long.MAX_VALUE),
                    () -> WireRecords.workflow(found))) : HttpAnswer.of(reply),
            renderer);
    }

    private CompletionStage<HttpAnswer> query(Route.Call call) {
        String gid = WireTransaction.stripped(call.query().text("gid"));
        if (gid.isEmpty()) {
            // The one mistake of a client that is a 500: tests of DTM's clients pin it.
            return Continuations.now(HttpAnswer.serverError("no gid specified"));
        }
        Submission.checkGid(gid);
        WireRecords records = WireRecords.readableBy(call.caller());
        return coordinator(call.caller()).find(gid).thenApplyAsync(
            reply -> reply instanceof Reply.Found found
                ? HttpAnswer.json(200, written(gid, found, records))
                : reply instanceof Reply.Unclear ? HttpAnswer.UNREAD : HttpAnswer.of(reply),
            renderer);
    }

    private byte[] written(String gid, Reply.Found found, WireRecords records) {
        long payloads = outbox.payloadBytes();
        return outbox.write(WireRecords.bytesOf(found, payloads),
            () -> records.query(gid, found, payloads));
    }

    /** Written on the thread that has read it: so lists take up no more than that thread. */
    private CompletionStage<HttpAnswer> all(Route.Call call) {
        QueryString query = call.query();
        TransactionIndex index = coordinator(call.caller()).index();
        WireRecords records = WireRecords.readableBy(call.caller());
        String position = query.text("position");
        String gid = WireTransaction.stripped(query.text("gid"));
        if (!gid.isEmpty()) {
            Submission.checkGid(gid);
            return Continuations.then(index.find(gid), row -> HttpAnswer.json(200, row
                .map(each -> records.list(new TransactionIndex.Page(List.of(each), position)))
                .orElseGet(() -> WireRecords.emptyList(position))));
        }
        int limit = query.count("limit", DEFAULT_ROWS, Limits.PAGE_ROWS);
        return Continuations.then(index.list(filter(query), position, limit),
            page -> HttpAnswer.json(200, records.list(page)));
    }

    private CompletionStage<HttpAnswer> history(Route.Call call) {
        QueryString query = call.query();
        String gid = WireTransaction.stripped(query.text("gid"));
        Submission.checkGid(gid);
        long after = query.amount("position", Long.MAX_VALUE - 1);
        int limit = query.count("limit", DEFAULT_ROWS, Limits.HISTORY_ENTRIES);
        return Continuations.then(coordinator(call.caller()).index().history(gid, after, limit),
            page -> HttpAnswer.json(200,
                WireHistory.readableBy(call.caller()).page(gid, page)));
    }

    private CompletionStage<HttpAnswer> hurryAll(Route.Call call) {
        QueryString query = call.query();
        Duration horizon = Duration.ofSeconds(query.seconds("timeout", hurryHorizon.toSeconds()));
        int limit = query.count("limit", DEFAULT_ROWS, Limits.PAGE_ROWS);
        return Continuations.then(coordinator(call.caller()).hurryAll(
                call.caller().namespace(), horizon, limit), hurried ->
            HttpAnswer.json(200, JsonOut.object(out -> {
                out.writeBooleanField("has_remaining", hurried.hasRemaining());
                out.writeNumberField("succeed_count", hurried.count());
            })));
    }

    private static TransactionIndex.Filter filter(QueryString query) {
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
            BiFunction<Caller, byte[], CompletionStage<Reply>> what, Route.Call call) {
        return unlessFull(() -> answer(what.apply(call.caller(), call.body())));
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

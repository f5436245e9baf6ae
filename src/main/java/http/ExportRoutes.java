package http;

import static http.Route.get;
import static security.Permission.READ;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import security.Caller;
import security.ScopedCoordinator;
import transaction.Attempts;
import transaction.Coordinator;
import transaction.Limits;
import transaction.TransactionIndex;

/**
 * All that is known of one transaction as one document,
 * {@code /api/v1/transactions/{gid}/export}.
 */
final class ExportRoutes {

    static final String EXPORT = TransactionRoutes.ONE + "/export";

    /** They are collected in memory, so only so many are at one time. */
    static final int EXPORTS_MAX = 2;

    /** Of history and attempts together. What is longer is to be read page by page. */
    static final int EXPORT_CHARS_MAX = 4 << 20;

    private final TransactionRoutes transactions;
    private final Coordinator coordinator;
    private final Executor renderer;
    private final Semaphore room = new Semaphore(EXPORTS_MAX);

    /**
     * @param transactions which write the transaction itself
     * @param renderer runs what takes longer: writing the parts
     */
    ExportRoutes(TransactionRoutes transactions, Coordinator coordinator, Executor renderer) {
        this.transactions = transactions;
        this.coordinator = coordinator;
        this.renderer = renderer;
    }

    List<Route> routes() {
        return List.of(get(EXPORT, READ, this::export).showing());
    }

    private CompletionStage<HttpAnswer> export(Route.Call call) {
        String gid = TransactionRoutes.gid(call);
        if (!room.tryAcquire()) {
            return Continuations.now(HttpAnswer.unavailable("too many exports are being written"));
        }
        try {
            return transactions.one(call).thenComposeAsync(one -> one.status() == 200
                    ? new Export(gid, call.caller(), one.body()).events(0)
                    : Continuations.now(one), renderer)
                .whenComplete((answer, thrown) -> room.release());
        } catch (RuntimeException refused) {
            room.release();
            throw refused;
        }
    }

    /** One that is being collected, page after page. */
    private final class Export {

        private final String gid;
        private final byte[] transaction;
        private final TransactionIndex index;
        private final Attempts calls;
        private final WireHistory history;
        private final PayloadMask mask;
        private final List<String> events = new ArrayList<>();
        private final List<String> attempts = new ArrayList<>();
        private String quarantine = "";
        private String skipped = "[]";
        private long chars;

        Export(String gid, Caller caller, byte[] transaction) {
            Coordinator own = ScopedCoordinator.of(coordinator, caller);
            this.gid = gid;
            this.transaction = transaction;
            this.index = own.index();
            this.calls = own.attempts();
            this.history = WireHistory.wordedFor(caller);
            this.mask = PayloadMask.of(caller);
        }

        CompletionStage<HttpAnswer> events(long after) {
            return index.history(gid, after, Limits.PAGE_ITEMS).thenComposeAsync(page -> {
                add(events, JsonOut.arrayText(out -> history.events(out, page)));
                quarantine = quarantine.isEmpty() ? page.broken() : quarantine;
                return isTooLong() ? tooLong()
                    : page.more() ? events(page.first() - 1 + page.entries().size())
                    : attempts("");
            }, renderer);
        }

        private CompletionStage<HttpAnswer> attempts(String cursor) {
            return calls.list(gid, Attempts.Filter.ALL, cursor, Limits.PAGE_ITEMS)
                .thenComposeAsync(found -> {
                    if (found.isEmpty()) {
                        return Continuations.now(document());
                    }
                    Attempts.Page page = found.get();
                    add(attempts, JsonOut.arrayText(out -> {
                        for (Attempts.Kept each : page.kept()) {
                            AttemptRoutes.attempt(out, each, mask);
                        }
                    }));
                    skipped = JsonOut.arrayText(out ->
                        AttemptRoutes.skipped(out, page.skipped()));
                    return isTooLong() ? tooLong()
                        : page.next().isEmpty() ? Continuations.now(document())
                        : attempts(page.next());
                }, renderer);
        }

        /** Without the brackets of the page, since the pages become one list. */
        private void add(List<String> parts, String page) {
            String items = page.substring(1, page.length() - 1);
            if (!items.isEmpty()) {
                parts.add(items);
                chars += items.length();
            }
        }

        private boolean isTooLong() {
            return chars > EXPORT_CHARS_MAX;
        }

        private CompletionStage<HttpAnswer> tooLong() {
            return Continuations.now(Problem.of(409, "history and attempts are longer than "
                + EXPORT_CHARS_MAX + " characters, which is too much for one document: read"
                + " them page by page"));
        }

        private HttpAnswer document() {
            return HttpAnswer.json(200, JsonOut.object(out -> {
                out.writeStringField("gid", gid);
                out.writeFieldName("transaction");
                out.writeRawValue(new String(transaction, StandardCharsets.UTF_8).strip());
                out.writeFieldName("history");
                out.writeRawValue("[" + String.join(",", events) + "]");
                TransactionJson.text(out, "quarantine", quarantine);
                out.writeFieldName("attempts");
                out.writeRawValue("[" + String.join(",", attempts) + "]");
                out.writeFieldName("skipped");
                out.writeRawValue(skipped);
            }));
        }
    }
}

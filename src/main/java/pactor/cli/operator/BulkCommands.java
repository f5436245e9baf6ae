package pactor.cli.operator;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pactor bulk}: one action on all unfinished transactions that pass a filter. */
final class BulkCommands {

    private static final String BULK = "/api/v1/bulk";

    /** What these have done cannot be taken back. */
    private static final Set<String> LASTING = Set.of("skip", "resolve", "stop", "rollback");

    private static final DateTimeFormatter MOMENT =
        DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss").withZone(ZoneOffset.UTC);

    /** Of an id, so that two that begin in one second have not the same. */
    private static final int RANDOM_MAX = 0x10000;

    private BulkCommands() {}

    /** What is done to each. */
    static final class Action {

        @Parameters(paramLabel = "ACTION", description = {
            "retry, pause, resume, park, unpark, skip, resolve, stop or rollback, as of",
            "pactor tx."})
        private String action;

        @Option(names = "--as", paramLabel = "OUTCOME", order = 1, description =
            "Of stop: failed or succeed. Of resolve: success or failure.")
        private String outcome;

        @Option(names = "--branch", paramLabel = "BRANCH", order = 2,
            description = "Of skip and resolve: which branch of each, such as 01.")
        private String branch;

        @Option(names = "--op", paramLabel = "OP", order = 3, description =
            "Of skip and resolve: action, compensate, confirm, cancel, ...")
        private String op;

        @Option(names = "--until", paramLabel = "TIME", order = 4,
            converter = TimeText.Future.class,
            description = "Of pause: it ends by itself then.")
        private Instant until;

        @Mixin
        private TxActions.Reason reason;

        private Map<String, Object> body(FilterOptions filter) {
            Map<String, Object> body = new LinkedHashMap<>();
            body.put("action", action);
            body.put("filter", filter.fields());
            body.put("outcome", outcome);
            body.put("branch_id", branch);
            body.put("op", op);
            body.put("until", until == null ? null : until.toString());
            body.put("reason", reason.text());
            return body;
        }
    }

    /** How much of it the operator agrees to. */
    static final class Consent {

        @Option(names = "--dry-run", order = 72,
            description = "Only counts, and names some of them.")
        private boolean dryRun;

        @Option(names = "--expect", paramLabel = "N", order = 73, description = {
            "Agrees to that many, and does not ask: if more match, nothing is done."})
        private Integer expect;

        @Option(names = "--id", paramLabel = "ID", order = 74, description = {
            "With the same one it begins once. By default it is made of the time."})
        private String id;

        @Mixin
        private TxActions.Sure sure;
    }

    @Command(name = "list", description = "Lists bulk operations, the newest first.")
    static int list(@Mixin PageOptions pages, @Mixin ServerOptions server) {
        return pages.print(server, BULK, Query::new, page -> {
            Table table = new Table(
                "ID", "STATE", "ACTION", "DONE", "REFUSED", "FAILED", "BEGUN", "BY", "REASON");
            for (Json each : page.elements("items")) {
                table.row(each.text("id"), each.text("state"), each.text("action"),
                    done(each) + "/" + each.number("total"), each.text("refused"),
                    each.text("failed"), TimeText.since(each.text("begun_at"), Instant.now()),
                    each.text("by"), each.text("reason"));
            }
            return table;
        });
    }

    @Command(name = "start", description = {
        "Does one thing to all unfinished transactions that pass a filter, which are counted",
        "first. It goes on by itself; watch follows it. Exit code 0 if it began or nothing",
        "matches, 1 if it was refused, or more match than one may have."})
    static int start(@Mixin Action action, @Mixin FilterOptions filter, @Mixin Consent consent,
            @Mixin ServerOptions server) {
        if (filter.fields().isEmpty()) {
            throw server.wrongUsage("say which: --participant, --cause, --error-is, ...;"
                + " --unfinished is all that have not ended");
        }
        Map<String, Object> body = action.body(filter);
        Api api = server.api();
        String counted = api.post(BULK + "/count", Json.object(body));
        Json count = server.read(counted);
        if (consent.dryRun) {
            return told(server, counted, List.of(Views.text(matching(count))));
        }
        if (count.is("complete") && count.number("count") == 0) {
            return told(server, counted, List.of(
                Views.text(matching(count) + "; nothing was done")));
        }
        told(server, Views.text(matching(count)));
        if (!count.is("complete")) {
            told(server, "that is more than one bulk operation may have: narrow the filter;"
                + " nothing was done");
            return Failure.REFUSED;
        }
        String question = action.action + " " + count.text("count")
            + (count.number("count") == 1 ? " transaction?" : " transactions?")
            + (LASTING.contains(action.action) ? " What has been done stays done." : "");
        if (!server.confirmed(consent.sure.is() || consent.expect != null,
                Character.toUpperCase(question.charAt(0)) + question.substring(1))) {
            return Failure.REFUSED;
        }
        body.put("expect", consent.expect != null ? consent.expect : count.number("count"));
        body.put("id", consent.id != null ? consent.id : newId(server));
        String begun = api.post(BULK, Json.object(body));
        return told(server, begun, List.of(line(server.read(begun))));
    }

    /** Told before it is used: if the answer is lost, it tells whether the operation began. */
    private static String newId(ServerOptions server) {
        String id = MOMENT.format(Instant.now())
            + "-" + String.format("%04x", new SecureRandom().nextInt(RANDOM_MAX));
        told(server, "its id is " + id);
        return id;
    }

    private static void told(ServerOptions server, String besides) {
        server.err().println(besides);
        server.err().flush();
    }

    private static String matching(Json count) {
        List<Json> sample = count.elements("sample");
        return (count.is("complete") && count.number("count") == 0 ? "no"
            : count.is("complete") ? count.text("count") : "more than " + count.text("count"))
            + (count.number("count") <= 1 ? " unfinished transaction matches"
                : " unfinished transactions match") + (sample.isEmpty() ? "" : ": ")
            + sample.stream().map(Json::text).collect(Collectors.joining(" "))
            + (count.number("count") > sample.size() ? " ..." : "");
    }

    @Command(name = "show", description = "Shows one bulk operation and its progress.")
    static int show(@Parameters(paramLabel = "ID") String id, @Mixin ServerOptions server) {
        String body = server.api().get(path(id), new Query());
        return told(server, body,
            BulkViews.one(server.read(body), Instant.now(), server.terminal().isColoured()));
    }

    @Command(name = "items", description = {
        "Lists the transactions of a bulk operation, and what has become of each."})
    static int items(@Parameters(paramLabel = "ID") String id,
            @Option(names = "--result", paramLabel = "RESULT", order = 10,
                description = "pending, succeeded, refused or failed.") String result,
            @Mixin PageOptions pages, @Mixin ServerOptions server) {
        return pages.print(server, path(id) + "/items", () -> new Query().add("result", result),
            BulkViews::items);
    }

    @Command(name = "watch", description = {
        "Follows a bulk operation to its end. Exit code 0 if all was done, 1 if something was",
        "refused, has failed or was canceled."})
    static int watch(@Parameters(paramLabel = "ID") String id,
            @Option(names = "--every", paramLabel = "TIME", defaultValue = "1s",
                converter = TimeText.Span.class,
                description = "Between two looks. Default: ${DEFAULT-VALUE}.") Duration every,
            @Mixin ServerOptions server) {
        Api api = server.api();
        boolean isDrawn = server.terminal().isThere() && !server.isJson();
        if (isDrawn) {
            TxWatch.clear(server);
        }
        String before = "";
        while (true) {
            String body = api.get(path(id), new Query());
            Json it = server.read(body);
            if (isDrawn) {
                TxWatch.picture(server,
                    BulkViews.one(it, Instant.now(), server.terminal().isColoured()));
            } else if (!line(it).equals(before)) {
                told(server, body, List.of(line(it)));
            }
            before = line(it);
            if (!it.text("ended_at").isEmpty()) {
                return it.number("succeeded") == it.number("total") ? 0 : Failure.REFUSED;
            }
            TxWatch.pause(every);
        }
    }

    @Command(name = "pause", description = "Holds it, after what is in progress.")
    static int pause(@Parameters(paramLabel = "ID") String id,
            @Mixin TxActions.Reason reason, @Mixin ServerOptions server) {
        return order(server, id, "pause", reason);
    }

    @Command(name = "resume", description = "Lets it go on.")
    static int resume(@Parameters(paramLabel = "ID") String id,
            @Mixin TxActions.Reason reason, @Mixin ServerOptions server) {
        return order(server, id, "resume", reason);
    }

    @Command(name = "cancel", description = "Ends it; what is done stays done.")
    static int cancel(@Parameters(paramLabel = "ID") String id,
            @Mixin TxActions.Reason reason, @Mixin ServerOptions server) {
        return order(server, id, "cancel", reason);
    }

    private static int order(
            ServerOptions server, String id, String order, TxActions.Reason reason) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("reason", reason.text());
        String answer = server.api().post(path(id) + "/" + order, Json.object(body));
        return told(server, answer, List.of(line(server.read(answer))));
    }

    private static int told(ServerOptions server, String body, List<String> lines) {
        if (server.isJson()) {
            server.raw(body);
        } else {
            server.lines(lines);
        }
        return 0;
    }

    private static String line(Json it) {
        return Views.text(it.text("id") + ": " + BulkViews.state(it));
    }

    private static long done(Json it) {
        return it.number("total") - it.number("remaining");
    }

    private static String path(String id) {
        return BULK + "/" + Query.encoded(id);
    }
}

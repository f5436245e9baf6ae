package pactor.cli.operator;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands of {@code pactor tx} that change something. */
final class TxActions {

    private TxActions() {}

    /** Which transactions, and why. */
    static final class Gids {

        @Parameters(paramLabel = "GID", arity = "1..*", description = "One or several.")
        private List<String> gids;

        @Mixin
        private Reason reason;
    }

    /** What the audit log says of it. */
    static final class Reason {

        @Option(names = "--reason", paramLabel = "TEXT", order = 70,
            description = "Why; it is in the audit log, and with the transaction.")
        private String text;

        String text() {
            return text;
        }
    }

    /** Of what cannot be taken back. */
    static final class Sure {

        @Option(names = {"-y", "--yes"}, order = 71,
            description = "Does not ask. Without a terminal it is needed.")
        private boolean yes;

        boolean is() {
            return yes;
        }
    }

    /** One operation of one transaction, and why. */
    static final class Operation {

        @Parameters(index = "0", paramLabel = "GID")
        private String gid;

        @Parameters(index = "1", paramLabel = "BRANCH", description = "Such as 01.")
        private String branch;

        @Parameters(index = "2", paramLabel = "OP",
            description = "action, compensate, confirm, cancel, ...")
        private String op;

        @Mixin
        private Reason reason;

        private Map<String, Object> body() {
            Map<String, Object> body = new LinkedHashMap<>();
            body.put("branch_id", branch);
            body.put("op", op);
            body.put("reason", reason.text);
            return body;
        }
    }

    @Command(name = "retry", description = "Makes the next call now.")
    static int retry(@Mixin Gids gids, @Mixin ServerOptions server) {
        return each(server, gids, "retry", Map.of());
    }

    @Command(name = "pause", description = "Makes no further calls until it is resumed.")
    static int pause(@Mixin Gids gids,
            @Option(names = "--until", paramLabel = "TIME", converter = TimeText.Future.class,
                description = "Resumes by itself then: 2h from now, or a moment.") Instant until,
            @Mixin ServerOptions server) {
        return each(server, gids, "pause", until == null ? Map.of()
            : Map.of("until", until.toString()));
    }

    @Command(name = "resume", description = "Ends a pause.")
    static int resume(@Mixin Gids gids, @Mixin ServerOptions server) {
        return each(server, gids, "resume", Map.of());
    }

    @Command(name = "park", description = "Sets it aside until somebody unparks it.")
    static int park(@Mixin Gids gids, @Mixin ServerOptions server) {
        return each(server, gids, "park", Map.of());
    }

    @Command(name = "unpark", description = "Lets what is parked go on.")
    static int unpark(@Mixin Gids gids, @Mixin ServerOptions server) {
        return each(server, gids, "unpark", Map.of());
    }

    @Command(name = "rollback", description = "Rolls a running saga or workflow back.")
    static int rollback(@Mixin Gids gids, @Mixin Sure sure, @Mixin ServerOptions server) {
        return server.confirmed(sure.yes, "Roll back " + named(gids.gids) + "?")
            ? each(server, gids, "rollback", Map.of()) : Failure.REFUSED;
    }

    @Command(name = "stop", description = {
        "Ends it by force, as failed or as succeed. No participant is called any more, and what",
        "has been done stays done."})
    static int stop(@Mixin Gids gids,
            @Option(names = "--as", paramLabel = "OUTCOME", defaultValue = "failed",
                description = "failed or succeed. Default: ${DEFAULT-VALUE}.") String outcome,
            @Mixin Sure sure, @Mixin ServerOptions server) {
        return server.confirmed(sure.yes, "End " + named(gids.gids) + " by force, as " + outcome
            + "? What has been done stays done.")
            ? each(server, gids, "stop", Map.of("outcome", outcome)) : Failure.REFUSED;
    }

    @Command(name = "skip", description = {
        "Leaves an operation out, as if it had succeeded, and goes on."})
    static int skip(@Mixin Operation operation, @Mixin Sure sure, @Mixin ServerOptions server) {
        return server.confirmed(sure.yes, "Skip " + operation.op + " of branch "
            + operation.branch + " of " + operation.gid + "? Nobody will do it.")
            ? one(server, operation.gid, "skip", operation.body()) : Failure.REFUSED;
    }

    @Command(name = "resolve", description = {
        "Says how an operation ended, where its participant cannot say so itself."})
    static int resolve(@Mixin Operation operation,
            @Option(names = "--as", paramLabel = "OUTCOME", required = true,
                description = "success or failure.") String outcome,
            @Mixin Sure sure, @Mixin ServerOptions server) {
        Map<String, Object> body = operation.body();
        body.put("outcome", outcome);
        return server.confirmed(sure.yes, "Take " + operation.op + " of branch "
            + operation.branch + " of " + operation.gid + " for a " + outcome + "?")
            ? one(server, operation.gid, "resolve", body) : Failure.REFUSED;
    }

    @Command(name = "edit", description = {
        "Changes the url, payload or retries of an operation that waits to be called."})
    static int edit(@Mixin Operation operation,
            @Option(names = "--url", paramLabel = "URL", description = "What is called.")
                String url,
            @Option(names = "--payload-file", paramLabel = "FILE",
                description = "Holds what it is sent; - is standard input.") Path payload,
            @Option(names = "--retry-interval", paramLabel = "SECONDS",
                description = "The first wait between attempts.") Long interval,
            @Option(names = "--retry-limit", paramLabel = "N",
                description = "Failed attempts that are tolerated.") Long limit,
            @Option(names = "--request-timeout", paramLabel = "SECONDS",
                description = "How long a call may take.") Long timeout,
            @Mixin ServerOptions server) {
        Map<String, Object> body = operation.body();
        body.put("url", url);
        body.put("payload", payload == null ? null : content(payload));
        body.put("retry_interval_s", interval);
        body.put("retry_limit", limit);
        body.put("request_timeout_s", timeout);
        if (Stream.of(url, payload, interval, limit, timeout).allMatch(Objects::isNull)) {
            throw server.wrongUsage("say what to change: --url, --payload-file,"
                + " --retry-interval, --retry-limit or --request-timeout");
        }
        return one(server, operation.gid, "edit", body);
    }

    @Command(name = "again", description = {
        "Runs a saga or message that has ended again, from a step on, as a new transaction. Said",
        "again it begins nothing more."})
    static int again(@Parameters(paramLabel = "GID") String gid,
            @Option(names = "--gid", paramLabel = "NEW",
                description = "Of the new one. Default: GID-again-1, and so on.") String next,
            @Option(names = "--from", paramLabel = "BRANCH",
                description = "Such as 02. Default: the first that is not known to be done.")
                String from,
            @Option(names = "--dry-run", description = "Only tells what would be called.")
                boolean isDryRun,
            @Mixin Reason reason, @Mixin Sure sure, @Mixin ServerOptions server) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("gid", next);
        body.put("from", from);
        body.put("reason", reason.text);
        if (isDryRun) {
            body.put("dry_run", true);
        } else if (!server.confirmed(sure.yes, "Run " + Views.text(gid) + " again?"
                + " What it has done is not undone first; --dry-run tells what is called.")) {
            return Failure.REFUSED;
        }
        String said = server.api().post(TxReads.path(gid) + "/again", Json.object(body));
        if (server.isJson()) {
            server.raw(said);
            return 0;
        }
        Json answer = server.read(said);
        if (isDryRun) {
            server.lines(List.of(Views.text("as " + answer.text("gid") + ":")));
            ServerCommands.plan(server, answer);
        } else {
            server.lines(List.of(Views.done(gid, answer)));
            server.lines(Views.warnings(answer));
        }
        return 0;
    }

    /** The text of a file that was given, or of standard input for {@code -}. */
    static String content(Path file) {
        try {
            return file.toString().equals("-")
                ? new String(System.in.readAllBytes(), StandardCharsets.UTF_8)
                : Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException unreadable) {
            throw new Failure(Failure.REFUSED, "cannot be read: " + unreadable);
        }
    }

    /** Does one thing to one transaction; the answer has what became of it. */
    interface Act {
        String to(String gid);
    }

    private static int each(ServerOptions server, Gids gids, String action,
            Map<String, Object> fields) {
        Map<String, Object> body = new LinkedHashMap<>(fields);
        body.put("reason", gids.reason.text);
        String text = Json.object(body);
        Api api = server.api();
        return each(server, gids.gids, gid -> api.post(TxReads.path(gid) + "/" + action, text));
    }

    private static int one(ServerOptions server, String gid, String action,
            Map<String, Object> body) {
        Api api = server.api();
        return each(server, List.of(gid),
            each -> api.post(TxReads.path(each) + "/" + action, Json.object(body)));
    }

    /** @return 0, or the code of the first that was refused; the others are done all the same */
    private static int each(ServerOptions server, List<String> gids, Act act) {
        int code = 0;
        for (String gid : gids) {
            try {
                String body = act.to(gid);
                if (server.isJson()) {
                    server.raw(body);
                } else {
                    server.lines(List.of(Views.done(gid, server.read(body))));
                }
            } catch (Failure failure) {
                if (failure.exitCode() != Failure.REFUSED) {
                    throw failure;
                }
                server.err().println("pactor: " + Views.text(gid) + ": " + failure.getMessage());
                server.err().flush();
                code = failure.exitCode();
            }
        }
        return code;
    }

    private static String named(List<String> gids) {
        return gids.size() == 1 ? Views.text(gids.get(0)) : gids.size() + " transactions";
    }
}

package pactor.cli.operator;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Commands about the server and all that it coordinates, which change nothing. */
final class ServerCommands {

    private ServerCommands() {}

    @Command(name = "whoami", description = "Says who the server takes you for, and your role.")
    static int whoami(@Mixin ServerOptions server) {
        return show(server, "/api/v1/me", me -> {
            List<String> lines = new ArrayList<>();
            Views.label(lines, "name", me.text("name"));
            Views.label(lines, "role", me.text("role"));
            Views.label(lines, "may", words(me.elements("permissions")));
            Views.label(lines, "gids", words(me.get("scope").elements("gids")));
            Views.label(lines, "modes", words(me.get("scope").elements("modes")));
            Views.label(lines, "server", me.text("version") + ", " + me.text("profile"));
            return lines;
        });
    }

    @Command(name = "attention", description = {
        "Shows what needs a person, grouped by cause, participant and error, the oldest first."})
    static int attention(@Mixin ServerOptions server) {
        return show(server, "/api/v1/attention", page -> {
            Table table = new Table("COUNT", "CAUSE", "PARTICIPANT", "OLDEST", "ERROR");
            for (Json each : page.elements("items")) {
                table.row(each.text("count"), each.text("cause"), each.text("participant"),
                    TimeText.since(each.text("oldest_at"), Instant.now()), each.text("error"));
            }
            List<String> lines = new ArrayList<>(table.lines(
                server.terminal().width(), server.terminal().isColoured()));
            if (!table.isEmpty()) {
                lines.add("");
                lines.add("To list those of a line:");
            }
            page.elements("items").forEach(each ->
                lines.add("  pactor tx list " + FilterOptions.written(each.get("filter"))));
            if (!table.isEmpty()) {
                lines.add("To act on all of a line: pactor bulk start ACTION, with its options");
            }
            return lines;
        });
    }

    @Command(name = "overview", description = {
        "Counts what is unfinished by mode and status, and says whether the server is ready."})
    static int overview(@Mixin ServerOptions server) {
        return show(server, "/api/v1/overview", all -> {
            List<String> lines = new ArrayList<>();
            Views.label(lines, "server", all.is("ready") ? "ready" : "not ready");
            all.elements("reasons").forEach(each -> Views.label(lines, "reason", each.text()));
            all.elements("warnings").forEach(each -> Views.label(lines, "warning", each.text()));
            Table table = new Table("MODE", "STATUS", "COUNT", "PARKED", "QUARANTINED", "OLDEST");
            for (Json each : all.elements("unfinished")) {
                table.row(each.text("mode"), each.text("status"), each.text("count"),
                    each.text("parked"), each.text("quarantined"),
                    TimeText.since(each.text("oldest_at"), Instant.now()));
            }
            if (!table.isEmpty()) {
                lines.add("");
                lines.addAll(table.lines(
                    server.terminal().width(), server.terminal().isColoured()));
            }
            return lines;
        });
    }

    @Command(name = "cluster", description = "Shows the nodes and how they are.")
    static int cluster(@Mixin ServerOptions server) {
        return table(server, "/api/v1/cluster", page -> {
            Table table = new Table("NODE", "STATUS", "SINCE", "");
            for (Json each : page.elements("nodes")) {
                table.row(each.text("address"), each.text("status"),
                    TimeText.shown(each.text("since")), each.is("self") ? "answers" : "");
            }
            return table;
        });
    }

    @Command(name = "settings", description = {
        "Shows the settings that are in force; secrets are masked."})
    static int settings(@Mixin ServerOptions server) {
        return table(server, "/api/v1/settings", page -> {
            Table table = new Table("KEY", "VALUE");
            page.elements("items").forEach(each ->
                table.row(each.text("key"), each.text("value")));
            return table;
        });
    }

    @Command(name = "list", description = {
        "Shows the audit log of a running server: who did what, from where and why."})
    static int auditList(@Mixin PageOptions pages, @Mixin ServerOptions server) {
        return pages.print(server, "/api/v1/audit", Query::new, page -> {
            Table table = new Table("NUMBER", "AT", "KIND", "WHO", "FROM", "ACT", "TARGET",
                "RESULT", "REASON");
            for (Json each : page.elements("items")) {
                table.row(each.text("number"), TimeText.shown(each.text("at")), each.text("kind"),
                    each.text("who"), each.text("from"), each.text("act"), each.text("target"),
                    each.text("result"), each.text("reason"));
            }
            return table;
        });
    }

    @Command(name = "plan", description = {
        "Says what a submission would do, step by step, also if a step failed. Does nothing."})
    static int plan(
            @Parameters(paramLabel = "FILE",
                description = "The body of a submit, as JSON; - is standard input.") Path file,
            @Mixin ServerOptions server) {
        String body = server.api().post("/api/v1/plan", TxActions.content(file));
        if (server.isJson()) {
            server.raw(body);
            return 0;
        }
        plan(server, server.read(body));
        return 0;
    }

    /** Prints what would be called, and what it is warned of. */
    static void plan(ServerOptions server, Json plan) {
        Table table = new Table("BRANCH", "OP", "URL", "IF IT FAILS");
        for (Json each : plan.elements("steps")) {
            table.row(each.text("branch_id"), each.text("op"), each.text("url"),
                each.elements("then_if_failed").stream()
                    .map(then -> then.text("branch_id") + " " + then.text("op"))
                    .collect(Collectors.joining(", ")));
        }
        server.table(table);
        server.lines(Views.warnings(plan));
    }

    /** Prints what {@code view} makes of the answer, or the answer itself. */
    static int show(ServerOptions server, String path, Function<Json, List<String>> view) {
        String body = server.api().get(path, new Query());
        if (server.isJson()) {
            server.raw(body);
        } else {
            server.lines(view.apply(server.read(body)));
        }
        return 0;
    }

    static int table(ServerOptions server, String path, Function<Json, Table> view) {
        return show(server, path, page -> view.apply(page)
            .lines(server.terminal().width(), server.terminal().isColoured()));
    }

    private static String words(List<Json> each) {
        return each.stream().map(Json::text).collect(Collectors.joining(" "));
    }
}

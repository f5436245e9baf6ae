package pactor.cli.operator;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pactor participants}: where something is stuck, and who is not called meanwhile. */
final class ParticipantCommands {

    private static final String PARTICIPANTS = "/api/v1/participants";
    private static final String PAUSED = "/api/v1/paused";

    private ParticipantCommands() {}

    /** One participant, or all. */
    static final class Whom {

        @Parameters(paramLabel = "NAME", arity = "0..1",
            description = "The host of its urls, with a port or without.")
        private String name;

        @Option(names = "--all", order = 1, description = "All participants at once.")
        private boolean all;

        private String path(ServerOptions server, String action) {
            if (all == (name != null)) {
                throw server.wrongUsage("say which participant, or --all");
            }
            return (all ? "/api/v1/calls/" : PARTICIPANTS + "/" + Query.encoded(name) + "/")
                + action;
        }

        private String named() {
            return all ? "all participants" : name;
        }
    }

    @Command(name = "list", description = {
        "Shows at which participants something is stuck, how much, and who is paused."})
    static int list(@Mixin ServerOptions server) {
        return ServerCommands.table(server, PARTICIPANTS, page -> {
            Map<String, Json> held = held(server);
            Table table = new Table("PARTICIPANT", "STUCK", "OLDEST", "PAUSED", "CAUSES");
            for (Json each : page.elements("items")) {
                Json hold = held.remove(each.text("participant"));
                table.row(each.text("participant"), each.text("stuck"),
                    TimeText.since(each.text("oldest_at"), Instant.now()),
                    hold == null ? "" : state(hold), Views.pairs(each.get("causes")));
            }
            held.forEach((name, hold) -> table.row(name, "", "", state(hold), ""));
            return table;
        });
    }

    @Command(name = "paused", description = "Shows who is paused, until when, by whom and why.")
    static int paused(@Mixin ServerOptions server) {
        return ServerCommands.table(server, PAUSED, page -> {
            Table table = new Table("PARTICIPANT", "SINCE", "UNTIL", "BY", "REASON");
            for (Json each : page.elements("items")) {
                table.row(each.text("participant"), TimeText.shown(each.text("paused_at")),
                    each.text("until").isEmpty() ? "resumed" : TimeText.shown(each.text("until")),
                    each.text("by"), each.text("reason"));
            }
            return table;
        });
    }

    @Command(name = "pause", description = "Has no transaction call it until it is resumed.")
    static int pause(@Mixin Whom whom,
            @Option(names = "--until", paramLabel = "TIME", converter = TimeText.Future.class,
                description = "Resumes by itself then: 2h from now, or a moment.") Instant until,
            @Mixin TxActions.Reason reason, @Mixin ServerOptions server) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("until", until == null ? null : until.toString());
        body.put("reason", reason.text());
        return done(server, whom, server.api().post(whom.path(server, "pause"),
            Json.object(body)));
    }

    @Command(name = "resume", description = "Has it called again.")
    static int resume(@Mixin Whom whom, @Mixin TxActions.Reason reason,
            @Mixin ServerOptions server) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("reason", reason.text());
        return done(server, whom, server.api().post(whom.path(server, "resume"),
            Json.object(body)));
    }

    private static int done(ServerOptions server, Whom whom, String body) {
        if (server.isJson()) {
            server.raw(body);
            return 0;
        }
        Json answer = server.read(body);
        String how = !answer.is("paused") ? "called again"
            : "paused" + (answer.text("paused_until").isEmpty() ? ""
                : " until " + TimeText.shown(answer.text("paused_until")));
        server.lines(List.of(Views.text(whom.named() + ": " + how
            + (answer.is("changed") ? "" : "; nothing has changed"))));
        return 0;
    }

    /** Who is paused, by name; nobody, as far as a caller sees who may not ask. */
    private static Map<String, Json> held(ServerOptions server) {
        Map<String, Json> held = new LinkedHashMap<>();
        try {
            server.read(server.api().get(PAUSED, new Query())).elements("items").forEach(each ->
                held.put(each.text("participant"), each));
        } catch (Failure failure) {
            if (failure.exitCode() != Failure.NOT_PERMITTED) {
                throw failure;
            }
            server.err().println("who is paused is shown to operators of the whole server only");
            server.err().flush();
        }
        return held;
    }

    private static String state(Json hold) {
        return hold.text("until").isEmpty() ? "until resumed"
            : "until " + TimeText.shown(hold.text("until"));
    }
}

package pactor.cli.operator;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Commands about the server and all that it coordinates, which change nothing. */
final class ServerCommands {

    private ServerCommands() {}

    @Command(name = "whoami", description = "Says who the server takes you for, and your role.")
    static int whoami(@Mixin ServerOptions server) {
        String body = server.api().get("/api/v1/me", new Query());
        if (server.isJson()) {
            server.raw(body);
            return 0;
        }
        Json me = server.read(body);
        List<String> lines = new ArrayList<>();
        Views.label(lines, "name", me.text("name"));
        Views.label(lines, "role", me.text("role"));
        Views.label(lines, "may", words(me.elements("permissions")));
        Views.label(lines, "gids", words(me.get("scope").elements("gids")));
        Views.label(lines, "modes", words(me.get("scope").elements("modes")));
        Views.label(lines, "server", me.text("version") + ", " + me.text("profile"));
        server.lines(lines);
        return 0;
    }

    private static String words(List<Json> each) {
        return each.stream().map(Json::text).collect(Collectors.joining(" "));
    }
}

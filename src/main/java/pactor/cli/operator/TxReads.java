package pactor.cli.operator;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The commands of {@code pactor tx} that change nothing. */
final class TxReads {

    static final String TRANSACTIONS = "/api/v1/transactions";

    private TxReads() {}

    /** Where the API has the transaction of that gid. */
    static String path(String gid) {
        return TRANSACTIONS + "/" + Query.encoded(gid);
    }

    @Command(name = "list", description = "Lists transactions, the newest first.")
    static int list(@Mixin FilterOptions filter,
            @Option(names = "--oldest", order = 30, description = "The oldest first.")
                boolean oldest,
            @Mixin PageOptions pages, @Mixin ServerOptions server) {
        return pages.print(server, TRANSACTIONS,
            () -> filter.query().add("sort", oldest ? "oldest" : ""),
            page -> Views.transactions(page, Instant.now()));
    }

    @Command(name = "show", description = "Shows one transaction with its branches.")
    static int show(@Parameters(paramLabel = "GID") String gid, @Mixin ServerOptions server) {
        String body = server.api().get(path(gid), new Query());
        if (server.isJson()) {
            server.raw(body);
        } else {
            server.lines(Views.transaction(
                server.read(body), Instant.now(), server.terminal().isColoured()));
        }
        return 0;
    }

    @Command(name = "explain", description = {
        "Says why it waits, what comes next, and what each action would do."})
    static int explain(@Parameters(paramLabel = "GID") String gid, @Mixin ServerOptions server) {
        String body = server.api().get(path(gid) + "/explain", new Query());
        if (server.isJson()) {
            server.raw(body);
        } else {
            server.lines(Views.explanation(
                server.read(body), Instant.now(), server.terminal().isColoured()));
        }
        return 0;
    }

    @Command(name = "history", description = {
        "Shows what has happened to a transaction, event by event."})
    static int history(@Parameters(paramLabel = "GID") String gid, @Mixin PageOptions pages,
            @Mixin ServerOptions server) {
        return pages.print(server, path(gid) + "/history", Query::new, Views::history);
    }

    @Command(name = "attempts", description = "Shows the calls to participants, one by one.")
    static int attempts(@Parameters(paramLabel = "GID") String gid,
            @Option(names = "--branch", paramLabel = "ID", description = "Of this branch alone.")
                String branch,
            @Option(names = "--op", paramLabel = "OP", description = "Of this operation alone.")
                String op,
            @Option(names = "--bodies", description = "With the requests and answers on record.")
                boolean bodies,
            @Mixin ServerOptions server) {
        String body = server.api().get(path(gid) + "/attempts",
            new Query().add("branch_id", branch).add("op", op));
        if (server.isJson()) {
            server.raw(body);
            return 0;
        }
        Json page = server.read(body);
        server.table(Views.attempts(page));
        List<String> more = new ArrayList<>();
        for (Json each : page.elements("skipped")) {
            more.add(Views.text(each.text("count") + " more attempts of " + each.text("branch_id")
                + " " + each.text("op") + " are counted and not kept"));
        }
        for (Json each : bodies ? page.elements("items") : List.<Json>of()) {
            more.add("");
            more.add(Views.text(each.text("branch_id") + " " + each.text("op") + ", attempt "
                + each.text("attempt")));
            Views.label(more, "request", each.text("request"));
            Views.label(more, "answer", each.text("answer"));
        }
        server.lines(more);
        return 0;
    }
}

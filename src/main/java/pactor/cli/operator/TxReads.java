package pactor.cli.operator;

import java.time.Instant;
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

    @Command(name = "export", description = {
        "Prints all that is known of each as JSON, one line each: the transaction with its",
        "branches, history and attempts."})
    static int export(@Parameters(paramLabel = "GID", arity = "1..*") List<String> gids,
            @Mixin ServerOptions server) {
        Api api = server.api();
        gids.forEach(gid -> server.raw(api.get(path(gid) + "/export", new Query())));
        return 0;
    }

    @Command(name = "history", description = {
        "Shows what has happened to a transaction, event by event."})
    static int history(@Parameters(paramLabel = "GID") String gid, @Mixin PageOptions pages,
            @Mixin ServerOptions server) {
        return pages.print(server, path(gid) + "/history", Query::new, Views::history);
    }
}

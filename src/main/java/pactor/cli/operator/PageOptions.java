package pactor.cli.operator;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import picocli.CommandLine.Option;

/** How much of a list is shown. */
final class PageOptions {

    @Option(names = "--limit", paramLabel = "N", defaultValue = "50", order = 80,
        description = "Rows of a page, at most 100. Default: ${DEFAULT-VALUE}.")
    private int limit;

    @Option(names = "--cursor", paramLabel = "CURSOR", order = 81,
        description = "Where the page before has ended.")
    private String cursor;

    @Option(names = "--all", order = 82, description = "Every page, one after the other.")
    private boolean all;

    /** What is shown of a page. */
    interface View {

        /** @param isFirst whether no page has been shown before */
        List<String> lines(Json page, boolean isFirst);
    }

    /**
     * Prints one page or all.
     *
     * @param path of the list
     * @param query a new one with what the list is asked for, for each page
     * @param table what the rows of a page look like
     */
    int print(ServerOptions server, String path, Supplier<Query> query,
            Function<Json, Table> table) {
        return show(server, path, query,
            (page, isFirst) -> rows(table.apply(page), server, isFirst));
    }

    /** As {@link #print}, of a list that is more than a table. */
    int show(ServerOptions server, String path, Supplier<Query> query, View view) {
        Api api = server.api();
        String from = cursor;
        boolean isFirst = true;
        while (true) {
            String body = api.get(path, query.get().add("limit", limit).add("cursor", from));
            Json page = server.read(body);
            if (server.isJson()) {
                server.raw(body);
            } else {
                server.lines(view.lines(page, isFirst));
            }
            from = page.text("next");
            if (!all || from.isEmpty()) {
                break;
            }
            isFirst = false;
        }
        if (!from.isEmpty() && !server.isJson()) {
            server.err().println("there are more: --all, or --cursor " + from);
            server.err().flush();
        }
        return 0;
    }

    /** The lines of a table, with its head on the first page only. */
    static List<String> rows(Table table, ServerOptions server, boolean isFirst) {
        List<String> lines = table.lines(
            server.terminal().width(), server.terminal().isColoured());
        return new ArrayList<>(isFirst || lines.isEmpty() ? lines : lines.subList(1, lines.size()));
    }
}

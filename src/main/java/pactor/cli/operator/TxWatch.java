package pactor.cli.operator;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * {@code pactor tx watch}. On a terminal it draws the same place again and again; for a script it
 * prints the live events, a line each.
 */
final class TxWatch {

    private static final String HOME = "\u001b[H";
    private static final String TO_END_OF_LINE = "\u001b[K";
    private static final String TO_END_OF_SCREEN = "\u001b[J";
    private static final String CLEAR = "\u001b[2J";

    private static final Set<String> ENDED = Set.of("succeed", "failed");

    /** Between two tries to get the stream of events again. */
    private static final Duration AGAIN_AFTER = Duration.ofSeconds(1);

    /** Tries in a row without an event; then the server is away. */
    private static final int TRIES_MAX = 30;

    private TxWatch() {}

    @Command(name = "watch", description = {
        "Watches one transaction to its end, or many until Ctrl-C.",
        "On a terminal it is a picture that follows; otherwise each live event is a line.",
        "Exit code 0 if the transaction has succeeded, 1 if it has failed."})
    static int watch(@Parameters(paramLabel = "GID", arity = "0..1") String gid,
            @Mixin FilterOptions filter,
            @Option(names = "--every", paramLabel = "TIME", defaultValue = "1s",
                converter = TimeText.Span.class,
                description = "Between two pictures. Default: ${DEFAULT-VALUE}.") Duration every,
            @Mixin ServerOptions server) {
        if (gid != null && !filter.fields().isEmpty()) {
            throw server.wrongUsage("a gid and a filter exclude each other");
        }
        return server.terminal().isThere() && !server.isJson()
            ? draw(server, gid, filter, every) : follow(server, gid, filter);
    }

    private static int draw(ServerOptions server, String gid, FilterOptions filter,
            Duration every) {
        Api api = server.api();
        clear(server);
        while (true) {
            Json seen = server.read(gid != null ? api.get(TxReads.path(gid), new Query())
                : api.get(TxReads.TRANSACTIONS, filter.query()));
            boolean isColoured = server.terminal().isColoured();
            List<String> lines = gid != null
                ? Views.transaction(seen, Instant.now(), isColoured)
                : Views.transactions(seen, Instant.now())
                    .lines(server.terminal().width(), isColoured);
            picture(server, lines);
            String status = seen.text("status");
            if (gid != null && ENDED.contains(status)) {
                return status.equals("succeed") ? 0 : 1;
            }
            pause(every);
        }
    }

    /** Makes room for {@link #picture}. */
    static void clear(ServerOptions server) {
        server.out().print(CLEAR);
    }

    /** Draws these lines where the picture before was. */
    static void picture(ServerOptions server, List<String> lines) {
        StringBuilder screen = new StringBuilder(HOME);
        lines.stream().limit(Math.max(1, server.terminal().height() - 1))
            .forEach(line -> screen.append(line).append(TO_END_OF_LINE).append('\n'));
        server.out().print(screen.append(TO_END_OF_SCREEN));
        server.out().flush();
    }

    private static int follow(ServerOptions server, String gid, FilterOptions filter) {
        Query query = new Query().add("gid", gid);
        filter.fields().forEach((name, value) -> {
            if (!Set.of("mode", "status").contains(name)) {
                throw server.wrongUsage("live events are chosen by --mode and --status alone");
            }
            query.add(name, value);
        });
        Api api = server.api();
        String after = "";
        String status = "";
        for (int tries = 0;; tries++) {
            try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                    api.events(query, after), StandardCharsets.UTF_8))) {
                // After the stream has begun, so that nothing is lost in between.
                status = gid == null ? "" : server.read(api.get(TxReads.path(gid), new Query()))
                    .text("status");
                if (ENDED.contains(status) && after.isEmpty()) {
                    server.lines(List.of(Views.text(gid + " has ended: " + status)));
                }
                String line = "";
                while (!ENDED.contains(status) && (line = lines.readLine()) != null) {
                    if (line.startsWith("id: ")) {
                        after = line.substring("id: ".length());
                    } else if (line.startsWith("data: ")) {
                        tries = 0;
                        status = print(server, line.substring("data: ".length()), gid);
                    }
                }
            } catch (IOException cut) {
                server.err().println("the stream was cut; going on");
                server.err().flush();
            } catch (Failure away) {
                if (after.isEmpty() || away.exitCode() != Failure.UNAVAILABLE
                        || tries >= TRIES_MAX) {
                    throw away;
                }
            }
            if (ENDED.contains(status)) {
                return status.equals("succeed") ? 0 : 1;
            }
            pause(AGAIN_AFTER);
        }
    }

    /** @return the status after the event, if it is one of that transaction */
    private static String print(ServerOptions server, String data, String gid) {
        Json event = server.read(data);
        if (server.isJson()) {
            server.raw(data);
        } else {
            server.lines(List.of(Views.event(event, server.terminal().isColoured())));
        }
        return gid != null && event.text("gid").equals(gid) ? event.text("status") : "";
    }

    static void pause(Duration time) {
        try {
            TimeUnit.MILLISECONDS.sleep(time.toMillis());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new Failure(Failure.REFUSED, "interrupted");
        }
    }
}

package pactor;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pactor.settings.LiveSettings;
import pactor.settings.Settings;
import pactor.settings.SettingsReader;
import transaction.Command;
import transaction.Details;
import transaction.Mode;
import transaction.Options;
import transaction.Protocol;
import transaction.Reply;
import transaction.Status;
import transaction.Submission;

/**
 * A node serves, and wakes what is due, with every number, size and time among its settings at the
 * least and at the most that is documented. Who is given a value has no other bound of its own.
 */
class BothEndsTest {

    /** One, which keeps its connection: the least is one. */
    private static final HttpClient CLIENT = HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1).build();

    private static final Config DEFAULTS = ConfigFactory.defaultReference();

    /** Ports are taken from the operating system; what is bound by another key is next to it. */
    private static final Map<String, String> LEAST = Map.of(
        "http.port", "0", "grpc.port", "0",
        "store.socket-timeout", "1001 ms", "store.breaker-timeout", "1002 ms",
        "coordinator.answer-within", "1003 ms",
        "http.idle-timeout", "11003 ms", "grpc.max-connection-age-grace", "10100 ms");

    private static final Map<String, String> MOST = Map.of(
        "http.port", "0", "grpc.port", "0", "cluster.port", "0", "cluster.management.port", "0",
        "store.statement-timeout", "59997 ms", "store.socket-timeout", "59998 ms",
        "store.breaker-timeout", "59999 ms");

    @TempDir
    private Path dir;

    @Test
    void aNodeServesWithTheLeastOfEverything() throws Exception {
        assertServes(config(LEAST, SettingsReader.Range::least), true);
    }

    @Test
    void aNodeServesWithTheMostOfEverything() throws Exception {
        assertServes(config(MOST, SettingsReader.Range::most), false);
    }

    /** Everything at one end hides what only one key can show. */
    @Test
    void theWakerReadsAsManyRowsAsItMay() throws Exception {
        assertServes(config(new TreeMap<>(Map.of("http.port", "0", "grpc.port", "0",
            "waker.page-size", "10000", "waker.interval", "10 ms", "coordinator.idle", "100 ms")),
            null), true);
    }

    /** @param wakes whether the waker looks often enough to abort what is overdue */
    private void assertServes(Config config, boolean wakes) throws Exception {
        Server server = Server.launch(config, LiveSettings.fixed(Settings.of(config)));
        try {
            assertEquals(200, get(server, "/api/health"));
            assertEquals(200, get(server, "/api/dtmsvr/all"));
            Options soon = new Options(false, 1, 0, 0, 0, 0, Map.of(), false);
            Submission due = new Submission("due", Mode.TCC, List.of(), "", Protocol.HTTP, "",
                Details.PLAIN, soon);
            assertEquals(Reply.DONE, answer(server, "due", new Command.Prepare(due)));
            if (!wakes) {
                assertEquals(Reply.DONE, answer(server, "due", new Command.Abort(
                    "due", Optional.of(Mode.TCC), "")));
            }
            await().atMost(Duration.ofSeconds(30)).until(() ->
                ((Reply.Found) answer(server, "due", new Command.Look("due"))).transaction()
                    .status() == Status.FAILED);
            assertTrue(server.pactor().coordinator().notReadyBecause().isEmpty());
        } finally {
            server.stop().toCompletableFuture().get(60, TimeUnit.SECONDS);
        }
    }

    private static Reply answer(Server server, String gid, Command command) throws Exception {
        return server.pactor().coordinator().send(gid, command).toCompletableFuture()
            .get(30, TimeUnit.SECONDS);
    }

    private static int get(Server server, String path) throws IOException, InterruptedException {
        URI uri = URI.create("http://127.0.0.1:" + server.address().getPort() + path);
        return CLIENT.send(HttpRequest.newBuilder(uri).build(),
            HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    private Config config(Map<String, String> instead, End end) {
        TreeMap<String, String> values = new TreeMap<>();
        if (end != null) {
            Settings.ranges(DEFAULTS.resolve()).forEach((key, range) ->
                values.put(key, end.of(range) + unit(range.unit())));
        }
        values.putAll(instead);
        StringBuilder lines = new StringBuilder();
        values.forEach((key, value) ->
            lines.append("pactor.").append(key).append(" = ").append(value).append('\n'));
        return ConfigFactory.parseString(lines + String.join("\n",
            "pactor.store.data-dir = \"" + dir + "\"",
            "pekko.actor.provider = cluster",
            "pekko.remote.artery.canonical { hostname = \"127.0.0.1\", port = 0 }",
            "pekko.cluster { jmx.enabled = off, log-info = off }",
            "pekko.stdout-loglevel = ERROR",
            "pekko.loggers = [\"org.apache.pekko.event.slf4j.Slf4jLogger\"]",
            "pekko.coordinated-shutdown.run-by-jvm-shutdown-hook = off"))
            .withFallback(DEFAULTS).resolve();
    }

    private static String unit(SettingsReader.Unit unit) {
        return switch (unit) {
            case NUMBER -> "";
            case BYTES -> " B";
            case MILLIS -> " ms";
        };
    }

    /** One of the two. */
    private interface End {
        long of(SettingsReader.Range range);
    }
}

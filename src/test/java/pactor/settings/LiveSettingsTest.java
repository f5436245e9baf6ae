package pactor.settings;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import pactor.cli.Logging;

class LiveSettingsTest {

    @TempDir
    private Path dir;

    private final Logger logger = (Logger) LoggerFactory.getLogger(LiveSettings.class);
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private Path file;
    private Inputs inputs;

    @BeforeEach
    void listen() throws IOException {
        file = dir.resolve("config.yaml");
        Files.writeString(file, "RetryInterval: 10\n");
        inputs = new Inputs(List.of(), Map.of(), Map.of("REQUEST_TIMEOUT", "4"),
            Optional.of(file));
        log.start();
        logger.setLevel(Level.INFO);
        logger.addAppender(log);
    }

    @AfterEach
    void stopListening() {
        logger.detachAppender(log);
        logger.setLevel(null);
    }

    @Test
    void intervalsLimitsAndTheLevelAreTakenOver() throws IOException {
        LiveSettings live = LiveSettings.following(inputs, Effective.of(inputs));
        List<Settings> heard = new ArrayList<>();
        live.onChange(heard::add);

        Files.writeString(file, """
            RetryInterval: 20
            RequestTimeout: 9
            TransCronInterval: 2
            AlertRetryLimit: 7
            LogLevel: debug
            pactor.coordinator.max-in-flight: 5
            """);
        live.check();

        assertEquals(Duration.ofSeconds(20), live.policy().retryInterval());
        assertEquals(7, live.policy().alertAttempts());
        assertEquals(Duration.ofSeconds(2), live.get().waker().interval());
        assertEquals(5, live.get().coordinator().limits().requests());
        assertEquals("debug", live.get().logLevel());
        assertEquals(Duration.ofSeconds(4), live.policy().requestTimeout(),
            "the environment still goes before the file");
        assertEquals(List.of(live.get()), heard);
        assertTrue(logged().contains("pactor.log.level is now debug (" + file + ":5 LogLevel)"),
            logged().toString());
        live.close();
    }

    @Test
    void whatCannotReloadIsNamedAndStays() throws IOException {
        LiveSettings live = LiveSettings.following(inputs, Effective.of(inputs));

        Files.writeString(file, "HttpPort: 9999\nRetryInterval: 20\npekko.cluster.roles: [a]\n");
        live.check();

        assertEquals(8080, live.get().http().port());
        assertEquals(Duration.ofSeconds(20), live.policy().retryInterval());
        assertTrue(logged().contains("pactor.http.port was changed; this key needs a restart"));
        assertTrue(logged().contains("a key of pekko was changed; these keys need a restart"));
        live.close();
    }

    @Test
    void aWrongFileChangesNothing() throws IOException {
        LiveSettings live = LiveSettings.following(inputs, Effective.of(inputs));
        Settings before = live.get();

        Files.writeString(file, "RetryInterval: 20\nHttpPrt: 1\n");
        live.check();
        Files.delete(file);
        live.check();

        assertSame(before, live.get());
        assertTrue(logged().get(0).contains("did you mean HttpPort?"), logged().toString());
        assertTrue(logged().get(1).endsWith("cannot be used; the former values stay"));
        assertEquals(2, logged().size(), "and it is told once");
        live.close();
    }

    @Test
    void aFileThatSaysTheSameIsNoNews() throws IOException {
        LiveSettings live = LiveSettings.following(inputs, Effective.of(inputs));
        Settings before = live.get();

        Files.writeString(file, "# the same\nRetryInterval: 10\n");
        live.check();

        assertSame(before, live.get());
        assertTrue(logged().isEmpty(), logged().toString());
        live.close();
    }

    @Test
    void theFileIsLookedAtByItself() throws IOException {
        Files.writeString(file, "pactor.reload.interval: 20 ms\n");
        try (LiveSettings live = LiveSettings.following(inputs, Effective.of(inputs))) {
            Files.writeString(file, "pactor.reload.interval: 20 ms\nRetryInterval: 20\n");

            await().atMost(Duration.ofSeconds(10)).until(
                () -> live.policy().retryInterval().equals(Duration.ofSeconds(20)));
        }
    }

    @Test
    void theLevelOfTheLogFollows() {
        Logger own = (Logger) LoggerFactory.getLogger("store");
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        Level ownBefore = own.getLevel();
        Level rootBefore = root.getLevel();
        try {
            for (String[] row : new String[][] {
                    {"trace", "TRACE", "DEBUG"}, {"debug", "DEBUG", "INFO"},
                    {"info", "INFO", "WARN"}, {"warn", "WARN", "WARN"},
                    {"error", "ERROR", "ERROR"}, {"off", "OFF", "OFF"}}) {
                Logging.level(row[0]);
                assertEquals(row[1], own.getLevel().toString());
                assertEquals(row[2], root.getLevel().toString());
            }
        } finally {
            Logging.level("info");
            own.setLevel(ownBefore);
            root.setLevel(rootBefore);
        }
    }

    @Test
    void eachKeyThatReloadsSaysSoInTheReference() throws IOException {
        String reference = Files.readString(Path.of("src/main/resources/reference.conf"));
        for (String key : SettingKeys.onClassPath().all()) {
            String leaf = key.substring(key.lastIndexOf('.') + 1);
            int start = 0;
            String margin = "\n  ";
            String[] path = key.split("\\.");
            for (int i = 1; i < path.length - 1; i++) {
                start = reference.indexOf(margin + path[i] + " {", start);
                margin += "  ";
            }
            int at = reference.indexOf(margin + leaf + " = ", start);
            String comment = reference.substring(reference.lastIndexOf("\n\n", at) < start
                ? start : reference.lastIndexOf("\n\n", at), at);
            assertEquals(LiveSettings.isReloaded(key), comment.contains("Reloads."), key);
            assertFalse(comment.isBlank(), key);
        }
    }

    private List<String> logged() {
        return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }
}

package store;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import database.DatabaseServer;
import database.Databases;
import database.FaultProxy;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import meter.Meter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** A database goes and comes back: it is noticed without a write, and told in two lines. */
@ParameterizedClass(name = "{0}")
@ValueSource(strings = {Databases.POSTGRESQL, Databases.MARIADB})
class OutageTest {

    private static final Duration WITHIN = Duration.ofSeconds(20);

    @Parameter
    String kind;

    private final ListAppender<ILoggingEvent> said = new ListAppender<>();
    private DatabaseServer server;
    private FaultProxy proxy;
    private Database database;

    @BeforeEach
    void open() {
        server = Databases.own(kind);
        server.create("outage");
        proxy = new FaultProxy(server);
        database = Database.open(
            StoreSettings.at(proxy.url("outage")).as(server.user(), server.user()),
            Meter.over(new SimpleMeterRegistry()));
        said.start();
        log("store").addAppender(said);
        log("store.Outage").setLevel(Level.INFO);
    }

    @AfterEach
    void close() {
        log("store").detachAppender(said);
        log("store.Outage").setLevel(null);
        database.close();
        proxy.close();
        server.close();
    }

    @Test
    void aDatabaseThatIsKilledIsNoticedWithoutAWriteAndSoIsItsReturn() {
        assertEquals(Optional.empty(), database.trouble());
        server.kill();
        await().atMost(WITHIN).until(() -> database.trouble().isPresent());
        List<CompletableFuture<Void>> writes = IntStream.range(0, 20)
            .mapToObj(i -> Journals.append(database, "g" + i, 1, Samples.opened("g" + i)))
            .toList();
        writes.forEach(write -> await().atMost(WITHIN.multipliedBy(2)).until(write::isDone));
        server.start();
        await().atMost(WITHIN).until(() -> database.trouble().isEmpty());
        Journals.append(database, "after", 1, Samples.opened("after")).join();

        List<String> lines = said.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
        assertEquals(2, lines.size(), lines.toString());
        assertTrue(lines.get(0).startsWith("database away since 20"), lines.get(0));
        assertTrue(lines.get(1).matches("database back after \\d+ s; 20 writes failed meanwhile"),
            lines.get(1));
    }

    @Test
    void aDatabaseThatFallsSilentIsNoticedBeforeItsTimeOuts() {
        proxy.silent(true);
        CompletableFuture<Void> write =
            Journals.append(database, "g", 1, Samples.opened("g"));
        await().atMost(WITHIN).until(() -> database.trouble().isPresent());
        assertFalse(write.isDone());
        assertFalse(database.trouble().orElseThrow().contains("127.0.0.1"),
            "what strangers are told names no address");
        proxy.silent(false);
        await().atMost(WITHIN).until(() -> database.trouble().isEmpty());
    }

    private static Logger log(String name) {
        return (Logger) LoggerFactory.getLogger(name);
    }
}

package pactor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import actors.TransactionLog;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.MarkerFactory;

class LogLimitTest {

    private static final String MORE =
        "more lines like those before are left out for up to a minute";

    private final AtomicLong nanos = new AtomicLong(42);
    private final LoggerContext context = new LoggerContext();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeEach
    void start() {
        context.addTurboFilter(new LogLimit(nanos::get));
        log.start();
        Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.INFO);
        root.addAppender(log);
    }

    @Test
    void ofALibrarysWarningsSoManyAreWrittenInAMinute() {
        Logger library = context.getLogger("org.apache.pekko.Loud");
        for (int i = 0; i < 1_000; i++) {
            library.warn("dropping " + i);
            library.error("failed " + i, new IllegalStateException());
        }
        assertEquals(LogLimit.LINES + 1, log.list.size());
        assertEquals("dropping 0", lines().get(0));
        assertEquals(MORE, lines().get(LogLimit.LINES));
        assertFalse(library.isWarnEnabled(), "nothing need be put together");

        context.getLogger("org.apache.pekko.Other").warn("another");
        assertEquals("another", lines().get(LogLimit.LINES + 1));

        nanos.addAndGet(TimeUnit.MINUTES.toNanos(1));
        log.list.clear();
        library.warn("again");
        // The question just before was one of those left out.
        assertEquals(List.of(
            2_000 - LogLimit.LINES + 1 + " more lines like those before were left out", "again"),
            lines());
        assertTrue(library.isWarnEnabled());
    }

    @Test
    void ofOurOwnEachTextIsCountedByItself() {
        Logger own = context.getLogger("http.ErrorResponses");
        for (int i = 0; i < 100; i++) {
            own.warn("{} could not be answered", i);
            own.warn("another {}", i);
        }
        assertEquals(2 * (LogLimit.LINES + 1), log.list.size());
    }

    @Test
    void whatEachTransactionOfAParticipantSaysThatIsDownIsLimited() {
        Logger own = context.getLogger("actors.TransactionLog");
        for (int i = 0; i < 100; i++) {
            own.info(MarkerFactory.getMarker(TransactionLog.REPEATED), "gid={} attempt={}", i, 1);
            own.info("gid={} aborting", i);
        }
        assertEquals(LogLimit.LINES + 1 + 100, log.list.size());
    }

    @Test
    void whatIsNoWarningIsNotLimited() {
        for (int i = 0; i < 100; i++) {
            context.getLogger("actors.TransactionLog").info("gid={} submitted", i);
            context.getLogger("org.apache.pekko.Loud").info("info");
            context.getLogger("org.apache.pekko.Loud").debug("debug");
        }
        assertEquals(200, log.list.size());
    }

    private List<String> lines() {
        return log.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }
}

package pactor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.AsyncAppenderBase;
import ch.qos.logback.core.joran.spi.JoranException;
import ch.qos.logback.core.read.ListAppender;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** As the log is shipped, a note of the audit log is written before its row counts, or not told. */
class AuditLogLinesTest {

    /** Far more than the queue of the other lines holds, and than a minute's bound. */
    private static final int LINES = 10_000;

    private final LoggerContext context = new LoggerContext();

    @Test
    void notesOfTheAuditLogGoPastTheQueueAndPastTheLimit() throws JoranException {
        JoranConfigurator shipped = new JoranConfigurator();
        shipped.setContext(context);
        shipped.doConfigure(getClass().getResource("/logback.xml"));
        context.addTurboFilter(new LogLimit(new AtomicLong(TimeUnit.HOURS.toNanos(1))::get));
        Logger notes = context.getLogger("audit");

        assertTrue(appenders(context.getLogger(Logger.ROOT_LOGGER_NAME)).stream()
            .anyMatch(AsyncAppenderBase.class::isInstance), "the others' lines have a queue");
        assertFalse(appenders(notes).isEmpty());
        assertTrue(appenders(notes).stream().noneMatch(AsyncAppenderBase.class::isInstance));
        assertFalse(notes.isAdditive(), "or it would be told twice, and once by the queue");

        notes.detachAndStopAllAppenders();
        ListAppender<ILoggingEvent> written = new ListAppender<>();
        written.start();
        notes.addAppender(written);
        for (int i = 0; i < LINES; i++) {
            notes.info("{}", "pactor-audit-head " + i + " 00");
        }
        assertEquals(LINES, written.list.size());
    }

    private static List<Appender<ILoggingEvent>> appenders(Logger of) {
        List<Appender<ILoggingEvent>> all = new ArrayList<>();
        of.iteratorForAppenders().forEachRemaining(all::add);
        return all;
    }
}

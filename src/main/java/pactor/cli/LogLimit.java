package pactor.cli;

import actors.TransactionLog;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import org.slf4j.Marker;
import org.slf4j.MarkerFactory;
import pactor.Pactor;

/**
 * Keeps strangers from filling the log: of each kind of warning, error, and line that is marked as
 * {@link TransactionLog#REPEATED}, so many are written in a minute, and then how many were left
 * out. A kind is all that one logger of a library says, since
 * its texts vary, or one text of Pactor's own.
 */
public final class LogLimit extends TurboFilter {

    /** Enough to see what happens, and with traces of 16 KiB still less than 6 KiB a second. */
    static final int LINES = 20;

    private static final long MINUTE_NANOS = 60_000_000_000L;

    /** More than there are; a message that is put together by hand must not take up memory. */
    private static final int KINDS_MAX = 2_000;

    private static final Marker NOTICE = MarkerFactory.getMarker("log-limit");

    private final Map<String, Window> windows = new ConcurrentHashMap<>();
    private final LongSupplier nanos;

    /** Null if there is none. */
    private volatile TurboFilter first;

    /** As Logback makes it. */
    public LogLimit() {
        this(System::nanoTime);
    }

    LogLimit(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /** Has {@code first} hear of each line before; what it says of it does not matter. */
    void behind(TurboFilter first) {
        this.first = first;
    }

    /** A minute of one kind. */
    private static final class Window {
        private long began;
        private int written;
        private long leftOut;
    }

    @Override
    public FilterReply decide(Marker marker, Logger logger, Level level, String format,
            Object[] params, Throwable thrown) {
        TurboFilter before = first;
        if (before != null) {
            before.decide(marker, logger, level, format, params, thrown);
        }
        // First what nearly every call is: a library that asks whether it may debug.
        boolean isBounded = level.isGreaterOrEqual(Level.WARN)
            || marker != null && marker.contains(TransactionLog.REPEATED);
        if (!isBounded || marker == NOTICE
                || !level.isGreaterOrEqual(logger.getEffectiveLevel())) {
            return FilterReply.NEUTRAL;
        }
        boolean isOwn = Logging.isOwn(logger.getName());
        if (isOwn && format == null) {
            return FilterReply.NEUTRAL;
        }
        String kind = isOwn ? logger.getName() + ' ' + format : logger.getName();
        Window window = windows.get(kind);
        if (window == null) {
            if (format == null) {
                return FilterReply.NEUTRAL;
            }
            window = windows.computeIfAbsent(
                windows.size() < KINDS_MAX ? kind : logger.getName(), unseen -> new Window());
        }
        return decide(window, logger, level, format == null);
    }

    /** @param isQuestion whether nothing is logged yet: a library asks whether it would be */
    private FilterReply decide(Window window, Logger logger, Level level, boolean isQuestion) {
        long leftOut = 0;
        boolean isFirstLeftOut = false;
        synchronized (window) {
            long now = nanos.getAsLong();
            if (window.written > 0 && now - window.began >= MINUTE_NANOS) {
                leftOut = window.leftOut;
                window.written = 0;
                window.leftOut = 0;
            }
            if (window.written == 0) {
                window.began = now;
            }
            if (window.written >= LINES) {
                isFirstLeftOut = window.leftOut++ == 0;
            } else if (!isQuestion) {
                window.written++;
            }
            if (!isFirstLeftOut && window.leftOut > 0) {
                return FilterReply.DENY;
            }
        }
        if (leftOut > 0) {
            logger.warn(NOTICE, "{} more lines like those before were left out", leftOut);
        }
        if (isFirstLeftOut) {
            logger.warn(NOTICE, "more lines like those before are left out for up to a minute");
            return FilterReply.DENY;
        }
        return FilterReply.NEUTRAL;
    }
}

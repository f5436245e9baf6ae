package pactor.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import health.Guard;
import java.lang.Thread.UncaughtExceptionHandler;
import java.util.Optional;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;
import pactor.Pactor;

/**
 * Hears of Errors on threads that are not Pactor's: of those that end a thread, and of those that a
 * library catches, logs and leaves at that, as Netty, gRPC and Hikari do. After one of these the
 * process cannot be relied upon, and the guard is told. For a process of its own; never in a host.
 */
final class FatalErrors extends TurboFilter implements AutoCloseable {

    private final Guard guard;
    private final UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();

    private FatalErrors(Guard guard) {
        this.guard = guard;
    }

    /** From now on, until it is closed. */
    static FatalErrors tell(Guard guard) {
        FatalErrors heard = new FatalErrors(guard);
        Thread.setDefaultUncaughtExceptionHandler((thread, thrown) -> {
            if (thrown instanceof Error) {
                fail(guard, thread, thrown);
            }
            LoggerFactory.getLogger(FatalErrors.class).error(
                "the thread {} has ended with {}", thread.getName(), thrown.toString(), thrown);
        });
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            heard.setContext(context);
            heard.start();
            // With one filter alone Logback copies no list at each question whether to debug.
            limit(context).ifPresentOrElse(
                limit -> limit.behind(heard), () -> context.addTurboFilter(heard));
        }
        return heard;
    }

    /** What comes later is not heard. */
    @Override
    public void close() {
        Thread.setDefaultUncaughtExceptionHandler(before);
        if (getContext() instanceof LoggerContext context) {
            context.getTurboFilterList().remove(this);
            limit(context).ifPresent(limit -> limit.behind(null));
        }
        stop();
    }

    private static Optional<LogLimit> limit(LoggerContext context) {
        return context.getTurboFilterList().stream().filter(LogLimit.class::isInstance)
            .map(LogLimit.class::cast).findFirst();
    }

    @Override
    public FilterReply decide(Marker marker, ch.qos.logback.classic.Logger logger, Level level,
            String format, Object[] params, Throwable thrown) {
        Throwable told = thrown;
        if (told == null && params != null && params.length > 0
                && params[params.length - 1] instanceof Throwable last) {
            told = last;
        }
        if (told != null && isFatal(told, level)) {
            fail(guard, Thread.currentThread(), Guard.fatal(told));
        }
        return FilterReply.NEUTRAL;
    }

    /**
     * A machine that is at its end, whoever says so. A class that is missing is looked for in vain
     * by many a library when it starts, which says so in a whisper.
     */
    private static boolean isFatal(Throwable told, Level level) {
        Error error = Guard.fatal(told);
        return error instanceof VirtualMachineError
            || error instanceof LinkageError && level.isGreaterOrEqual(Level.WARN);
    }

    private static void fail(Guard guard, Thread thread, Throwable thrown) {
        String part;
        try {
            part = "the thread " + thread.getName();
        } catch (OutOfMemoryError full) {
            part = "a thread";
        }
        guard.fail(part, thrown);
    }
}

package pactor.cli;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import java.util.List;
import java.util.Locale;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;
import pactor.Pactor;
import pactor.settings.Settings;

/**
 * The level of the log, while the server runs. Libraries are heard one step less than Pactor, since
 * what interests at {@code info} is what happens to transactions. Without Logback, in a host that
 * logs in another way, nothing is changed.
 */
public final class Logging {

    /** Read by {@code logback.xml}, for what is logged before {@link #level} is called. */
    static final String PROPERTY = "PACTOR_LOG_LEVEL";

    private static final List<String> OWN =
        List.of("pactor", "actors", "branch", "credential", "grpc", "health", "http", "meter",
            "store", "transaction");

    private Logging() {}

    /** Whether a logger of that name is Pactor's own. */
    static boolean isOwn(String logger) {
        int dot = logger.indexOf('.');
        return OWN.contains(dot < 0 ? logger : logger.substring(0, dot));
    }

    /** @param name trace, debug, info, warn, error or off, as {@link Settings#logLevel} has it */
    public static void level(String name) {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            Level own = Level.toLevel(name.toUpperCase(Locale.ROOT));
            OWN.forEach(logger -> context.getLogger(logger).setLevel(own));
            context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(ofLibraries(own));
        }
    }

    /** From now on what is logged by {@code java.util.logging} goes the way of all the rest. */
    static void heedAll() {
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
    }

    /** Writes out what is still on its way to standard error. Blocks, for a second at most. */
    static void flush() {
        if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
            context.stop();
        }
    }

    private static Level ofLibraries(Level own) {
        return switch (own.toInt()) {
            case Level.TRACE_INT -> Level.DEBUG;
            case Level.DEBUG_INT -> Level.INFO;
            case Level.INFO_INT -> Level.WARN;
            default -> own;
        };
    }
}

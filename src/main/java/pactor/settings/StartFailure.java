package pactor.settings;

import health.NodeFailure;
import java.net.BindException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.sql.SQLException;
import java.util.Locale;
import org.apache.pekko.remote.RemoteTransportException;
import store.StoreException;

/** The server cannot start. The message is one line for the operator. */
public final class StartFailure extends RuntimeException {

    private static final long serialVersionUID = 1;

    /** H2: another process has the file. */
    private static final int DATABASE_IN_USE = 90020;

    /** H2 and the standard: wrong user or password. */
    private static final int WRONG_USER = 28000;

    /** Causes that are looked at; more would be a ring. */
    private static final int DEPTH_MAX = 20;

    public StartFailure(String message, Throwable cause) {
        super(message, cause);
    }

    /** What {@code thrown} means to the operator. */
    public static StartFailure of(Throwable thrown, Settings settings) {
        Throwable cause = thrown;
        Door door = new Door(settings.http().host(), settings.http().port(), "--port");
        for (int depth = 0; cause != null && depth < DEPTH_MAX; depth++) {
            if (cause instanceof grpc.GrpcBindException) {
                door = new Door(settings.grpc().listen().host(),
                    settings.grpc().listen().port(), "--grpc-port");
            }
            if (cause instanceof RemoteTransportException) {
                door = new Door(settings.cluster().host(), settings.cluster().port(),
                    "--cluster-port");
            }
            String line = line(cause, settings, door);
            if (!line.isEmpty()) {
                return new StartFailure(line, thrown);
            }
            cause = cause.getCause();
        }
        return new StartFailure("cannot start: " + oneLine(root(thrown)), thrown);
    }

    /** What was listened on, and the flag that moves it. */
    private record Door(String host, int port, String flag) {

        @Override
        public String toString() {
            return host + ":" + port;
        }
    }

    private static String line(Throwable cause, Settings settings, Door door) {
        if (cause instanceof StartFailure || cause instanceof NodeFailure) {
            return cause.getMessage();
        }
        if (cause instanceof StoreException damaged
                && damaged.getMessage().startsWith("the store is damaged")) {
            // H2 itself would advise a tool that gives up what it cannot read.
            return damaged.getMessage();
        }
        if (cause instanceof BindException) {
            return "cannot listen on " + door + ": " + line((BindException) cause, door);
        }
        if (cause instanceof UnknownHostException || cause instanceof UnresolvedAddressException) {
            return "cannot listen on " + door + ": there is no such address";
        }
        return cause instanceof SQLException sql ? line(sql, settings.store()) : "";
    }

    /** The words are those of the operating system. */
    private static String line(BindException cause, Door door) {
        String words = String.valueOf(cause.getMessage());
        String lower = words.toLowerCase(Locale.ROOT);
        if (lower.contains("in use")) {
            return "the port is in use. Stop whatever has it, or take another one with "
                + door.flag();
        }
        if (lower.contains("assign")) {
            return "this machine does not have that address";
        }
        return lower.contains("denied")
            ? "permission denied. Ports below 1024 are for privileged users" : words;
    }

    private static String line(SQLException cause, StoreConfig store) {
        String where = store.url().isEmpty()
            ? store.dataDir().toAbsolutePath().normalize().toString() : store.url().toString();
        return switch (cause.getErrorCode()) {
            case DATABASE_IN_USE -> "the store in " + where + " is in use by another process";
            case WRONG_USER -> "the store in " + where + " has another user or password; see "
                + "pactor.store.user and pactor.store.password";
            default -> "the store in " + where + " cannot be used: "
                + Secret.maskedUrl(oneLine(cause));
        };
    }

    private static Throwable root(Throwable thrown) {
        Throwable cause = thrown;
        for (int depth = 0; cause.getCause() != null && depth < DEPTH_MAX; depth++) {
            cause = cause.getCause();
        }
        return cause;
    }

    private static String oneLine(Throwable thrown) {
        String text = thrown.getMessage() == null ? thrown.getClass().getName()
            : thrown.getMessage();
        return ControlCharacters.escaped(text.lines().findFirst().orElse(""));
    }
}

package tls;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Credentials that follow their files. What cannot be used, such as a certificate that was replaced
 * while its key was not yet, is told once in the log and changes nothing. Whoever asks gets what is
 * in force, at the cost of one volatile read; a new one begins without the old one's sessions, so
 * that nobody is let in by what an authority said that is trusted no more. Thread-safe.
 */
public final class LiveCredentials implements Supplier<SSLContext>, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LiveCredentials.class);

    private final String name;
    private final TlsFiles files;
    private final Function<Credentials, SSLContext> making;
    private Map<Path, byte[]> seen;
    private volatile Credentials credentials;
    private volatile SSLContext context;
    private ScheduledExecutorService looking;

    private LiveCredentials(
            String name, TlsFiles files, Function<Credentials, SSLContext> making) {
        this.name = name;
        this.files = files;
        this.making = making;
        this.seen = contents();
        take(Credentials.read(files, seen::get));
    }

    /**
     * Reads the files for a server, and again every {@code interval} unless that is zero. Blocks.
     *
     * @param name the keys of the configuration that name the files, for the log
     * @throws TlsException if they cannot be used now
     */
    public static LiveCredentials ofServer(String name, TlsFiles files, Duration interval) {
        return new LiveCredentials(name, files, Credentials::forServer).following(interval);
    }

    /** The same for a client. */
    public static LiveCredentials ofClient(String name, TlsFiles files, Duration interval) {
        return new LiveCredentials(name, files, Credentials::forClient).following(interval);
    }

    @Override
    public SSLContext get() {
        return context;
    }

    /** What the files held when they could last be used. */
    public Credentials credentials() {
        return credentials;
    }

    /** Looks at the files once. Blocks. */
    synchronized void check() {
        Map<Path, byte[]> now;
        try {
            now = contents();
        } catch (TlsException gone) {
            now = Map.of();
        }
        if (isSame(now, seen)) {
            return;
        }
        seen = now;
        try {
            take(Credentials.read(files, now.isEmpty() ? Pem::bytes : now::get));
            LOG.info("{}: the new files are in force for new connections; the certificate ends {}",
                name, credentials.chain().stream().findFirst()
                    .map(first -> first.getNotAfter().toInstant().toString()).orElse("never"));
        } catch (TlsException unusable) {
            LOG.warn("{}: the files have changed and cannot be used; the former stay in force: {}",
                name, unusable.getMessage());
        }
    }

    @Override
    public synchronized void close() {
        if (looking != null) {
            looking.shutdownNow();
        }
    }

    private void take(Credentials fresh) {
        context = making.apply(fresh);
        credentials = fresh;
    }

    private synchronized LiveCredentials following(Duration interval) {
        if (!interval.isZero() && !files.all().isEmpty()) {
            looking = Executors.newSingleThreadScheduledExecutor(task -> {
                Thread thread = new Thread(task, "pactor-tls-files");
                thread.setDaemon(true);
                return thread;
            });
            looking.scheduleWithFixedDelay(this::checkSafely,
                interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
        }
        return this;
    }

    private void checkSafely() {
        try {
            check();
        } catch (RuntimeException bug) {
            LOG.error("{}: the files could not be looked at", name, bug);
        }
    }

    private Map<Path, byte[]> contents() {
        Map<Path, byte[]> read = new HashMap<>();
        for (Path file : files.all()) {
            read.put(file, Pem.bytes(file));
        }
        return read;
    }

    private static boolean isSame(Map<Path, byte[]> one, Map<Path, byte[]> other) {
        return one.keySet().equals(other.keySet()) && one.entrySet().stream()
            .allMatch(each -> Arrays.equals(each.getValue(), other.get(each.getKey())));
    }
}

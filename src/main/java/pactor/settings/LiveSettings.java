package pactor.settings;

import com.typesafe.config.Config;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import transaction.Policy;

/**
 * The settings now in force, which follow the configuration file as it changes.
 *
 * <p>Intervals, limits, who may be called and the level of the log are taken over; of any other key
 * that was changed the log says that it needs a restart. A file that is wrong changes nothing.
 * Reading the present settings costs one volatile read, from any thread.
 */
public final class LiveSettings implements Supplier<Settings>, AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(LiveSettings.class);

    /** The keys that reload: those that begin with one of these. */
    private static final List<String> RELOADED = List.of(
        "pactor.transaction.", "pactor.waker.", "pactor.retention.", "pactor.alert.attempts",
        "pactor.coordinator.max-in-flight", "pactor.coordinator.max-waiting",
        "pactor.coordinator.answer-target", "pactor.calls.egress.", "pactor.security.quotas",
        "pactor.log.level");

    private final Inputs inputs;
    private final List<Consumer<Settings>> listeners = new CopyOnWriteArrayList<>();
    private volatile Settings settings;
    private Config config;
    private byte[] seen;
    private List<String> complaint = List.of();
    private ScheduledExecutorService looking;

    private LiveSettings(Inputs inputs, Effective first) {
        this.inputs = inputs;
        this.settings = first.settings();
        this.config = first.config();
        this.seen = content();
    }

    private LiveSettings(Settings settings) {
        this.inputs = null;
        this.settings = settings;
    }

    /** Settings that never change. */
    public static LiveSettings fixed(Settings settings) {
        return new LiveSettings(settings);
    }

    /**
     * Settings that follow the file of {@code inputs}, if there is one.
     *
     * @param first what {@code inputs} yielded
     */
    public static LiveSettings following(Inputs inputs, Effective first) {
        var live = new LiveSettings(inputs, first);
        Duration interval = first.settings().reloadInterval();
        if (inputs.file().isPresent() && !interval.isZero()) {
            live.look(interval);
        }
        return live;
    }

    @Override
    public Settings get() {
        return settings;
    }

    /** The server's part in the rules, now. */
    public Policy policy() {
        return settings.policy();
    }

    /** Hears of new settings, on a thread of this object's own. Must not block or throw. */
    public void onChange(Consumer<Settings> listener) {
        listeners.add(listener);
    }

    /** Whether a key is taken over when the file changes. */
    static boolean isReloaded(String key) {
        return RELOADED.stream().anyMatch(key::startsWith);
    }

    /** Looks at the file once, and takes over what it may. */
    synchronized void check() {
        byte[] now = content();
        if (now == null || Arrays.equals(now, seen)) {
            return;
        }
        Effective fresh;
        try {
            fresh = Effective.of(inputs);
        } catch (BadConfiguration wrong) {
            // Looked at again, since it may have been read while it was being written.
            if (!wrong.problems().equals(complaint)) {
                complaint = wrong.problems();
                complaint.forEach(line -> LOG.error("{}", line));
                LOG.error("{} has changed and cannot be used; the former values stay",
                    inputs.file().orElseThrow());
            }
            return;
        }
        if (!Arrays.equals(content(), now)) {
            return;
        }
        complaint = List.of();
        seen = now;
        List<String> told = new ArrayList<>();
        Config next = config;
        for (String key : fresh.keys()) {
            if (fresh.config().getValue(key).equals(config.getValue(key))) {
                continue;
            }
            if (isReloaded(key)) {
                next = next.withValue(key, fresh.config().getValue(key));
                told.add(key + " is now " + fresh.value(key) + " (" + fresh.source(key) + ")");
            } else {
                LOG.warn("{} was changed; this key needs a restart", key);
            }
        }
        if (!fresh.config().getValue("pekko").equals(config.getValue("pekko"))) {
            LOG.warn("a key of pekko was changed; these keys need a restart");
        }
        if (told.isEmpty()) {
            return;
        }
        settings = Settings.of(next);
        config = next;
        told.forEach(line -> LOG.info("{}", line));
        listeners.forEach(listener -> listener.accept(settings));
    }

    @Override
    public void close() {
        if (looking != null) {
            looking.shutdownNow();
        }
    }

    private void look(Duration interval) {
        looking = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "pactor-reload");
            thread.setDaemon(true);
            return thread;
        });
        looking.scheduleWithFixedDelay(this::checkSafely,
            interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** The same, and whatever goes wrong is logged. */
    public void checkSafely() {
        try {
            check();
        } catch (RuntimeException bug) {
            LOG.error("the configuration file could not be looked at", bug);
        }
    }

    /** The file's bytes; null if it cannot be read, as while it is being replaced. */
    private byte[] content() {
        Path file = inputs.file().orElse(null);
        if (file == null) {
            return null;
        }
        try (var in = Files.newInputStream(file)) {
            return in.readNBytes(Sources.FILE_BYTES_MAX + 1);
        } catch (IOException unreadable) {
            return null;
        }
    }
}

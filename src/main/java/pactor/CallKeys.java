package pactor;

import health.Guard;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import pactor.settings.Settings;
import pactor.settings.StartFailure;
import security.ReloadedFile;
import signature.CallSigner;
import signature.KeyRing;
import signature.SigningKeys;

/** The keys that sign this node's calls, as their file has them while it runs. */
final class CallKeys implements AutoCloseable {

    /** Time for the other nodes to read their file, and publish the key, too. */
    static final Duration PUBLISHED_BEFORE = Duration.ofSeconds(60);

    private static final Logger LOG = LoggerFactory.getLogger(CallKeys.class);

    private final Optional<KeyRing> ring;
    private final Optional<ScheduledExecutorService> looking;

    private CallKeys(Optional<KeyRing> ring, Optional<ScheduledExecutorService> looking) {
        this.ring = ring;
        this.looking = looking;
    }

    /**
     * Reads the file, if there is one, and again every {@code pactor.reload.interval}. Blocks.
     *
     * @throws StartFailure if it cannot be used
     */
    static CallKeys open(Settings settings, Guard guard) {
        return settings.security().signing().keyFile()
            .map(file -> follow(file, settings.reloadInterval(), guard))
            .orElseGet(() -> new CallKeys(Optional.empty(), Optional.empty()));
    }

    /** Signs calls with them. */
    CallSigner signer() {
        return ring.map(keys -> new CallSigner(keys::signing, Clock.systemUTC()))
            .orElse(CallSigner.NONE);
    }

    /** Their public parts, as they are published; empty if nothing is signed. */
    Optional<byte[]> published() {
        return ring.map(KeyRing::published);
    }

    @Override
    public void close() {
        looking.ifPresent(ScheduledExecutorService::shutdownNow);
    }

    private static CallKeys follow(Path path, Duration interval, Guard guard) {
        ReloadedFile<SigningKeys> file;
        try {
            file = ReloadedFile.read(path, SigningKeys::of);
        } catch (IOException | IllegalArgumentException wrong) {
            throw new StartFailure(path + " cannot be read: " + wrong, wrong);
        }
        Duration twice = interval.multipliedBy(2);
        KeyRing ring = new KeyRing(file.get(),
            twice.compareTo(PUBLISHED_BEFORE) > 0 ? twice : PUBLISHED_BEFORE, System::nanoTime);
        LOG.info("calls are signed with the key {}", ring.signing().id());
        if (interval.isZero()) {
            return new CallKeys(Optional.of(ring), Optional.empty());
        }
        ScheduledExecutorService looking = guard.scheduler("pactor-call-keys");
        looking.scheduleWithFixedDelay(() -> {
            file.check();
            ring.take(file.get());
        }, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
        return new CallKeys(Optional.of(ring), Optional.of(looking));
    }
}

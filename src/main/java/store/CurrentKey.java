package store;

import encryption.Key;
import encryption.Keyring;
import health.Guard;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the key that encrypts as the keyring has it. A key is noted in the database before it
 * encrypts anything, so that a later start knows which keys it needs.
 */
final class CurrentKey implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CurrentKey.class);

    private final Database database;
    private final Keyring keys;
    private final Duration interval;
    private final ScheduledExecutorService looking;
    private String complaint = "";

    CurrentKey(Database database, EncryptionSettings settings, Guard guard) {
        this.database = database;
        this.keys = settings.keys();
        this.interval = settings.interval();
        this.looking = interval.isZero() ? null : guard.scheduler("pactor-store-keys");
    }

    /**
     * What encrypts with the current key, which is noted. Blocks.
     *
     * @param connection commits each statement
     * @throws StoreException if a key that is needed is missing, or another one has its name
     */
    static PayloadCipher cipher(Connection connection, Dialect dialect,
            EncryptionSettings settings) throws SQLException {
        if (settings == EncryptionSettings.NOT_NEEDED) {
            return new PayloadCipher(Keyring.NONE);
        }
        UsedKeys.require(connection, settings.keys(), settings.acceptedMissing());
        SharedKey.require(connection, settings.keys());
        PayloadCipher cipher = new PayloadCipher(settings.keys());
        Optional<Key> current = settings.keys().current();
        if (current.isPresent()) {
            UsedKeys.note(connection, dialect, current.get(), Instant.now());
            LOG.info("payloads are encrypted with key {}", current.get().name());
        }
        SharedKey.keep(connection, settings.keys(), current);
        cipher.use(current.orElse(null));
        return cipher;
    }

    void start() {
        if (looking != null) {
            looking.scheduleWithFixedDelay(
                this::look, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    /** Completes when a change of the keyring is in force, or was refused. Never fails. */
    CompletionStage<Void> look() {
        PayloadCipher cipher = database.cipher();
        Optional<Key> next;
        try {
            next = keys.current();
            cipher.lookForMissing();
        } catch (RuntimeException unknown) {
            return complain(unknown);
        }
        if (next.isEmpty() || cipher.current().filter(next.get()::isSame).isPresent()) {
            use(next.orElse(null));
            return CompletableFuture.completedFuture(null);
        }
        return database.noteKey(next.get(), Instant.now()).handle((noted, refused) -> {
            if (refused == null) {
                use(next.get());
            } else {
                complain(refused.getCause() == null ? refused : refused.getCause());
            }
            return null;
        });
    }

    private synchronized void use(Key key) {
        String before = database.encryptionKey().orElse("");
        String now = key == null ? "" : key.name();
        database.cipher().use(key);
        complaint = "";
        if (!now.equals(before)) {
            LOG.info(now.isEmpty() ? "payloads are written in the clear from now on"
                : "payloads are encrypted with key {} from now on", now);
        }
    }

    private synchronized CompletionStage<Void> complain(Throwable why) {
        String text = String.valueOf(why.getMessage());
        if (!text.equals(complaint)) {
            complaint = text;
            LOG.error("a change of the encryption keys is not in force: {}", text);
        }
        return CompletableFuture.completedFuture(null);
    }

    @Override
    public void close() {
        if (looking != null) {
            looking.shutdownNow();
        }
    }
}

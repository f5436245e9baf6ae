package store;

import encryption.Key;
import encryption.Keyring;
import encryption.Keys;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;

/** Keys of tests, and a keyring that a test changes while it is in use. */
final class TestKeys implements Keyring {

    private volatile Keyring now;
    private volatile boolean encrypts = true;

    /** The first one encrypts. */
    TestKeys(String... names) {
        set(names);
    }

    /** Always the same for one name. */
    static Key key(String name) {
        byte[] secret = new byte[Key.BYTES];
        Arrays.fill(secret, (byte) name.hashCode());
        return Key.of(name, secret);
    }

    /** Another one of that name. */
    static Key forged(String name) {
        return Key.of(name, new byte[Key.BYTES]);
    }

    void set(String... names) {
        now = Keys.of(Arrays.stream(names).map(TestKeys::key).toArray(Key[]::new));
    }

    void set(Key... keys) {
        now = Keys.of(keys);
    }

    /** What is written from now on is in the clear. */
    TestKeys reading() {
        encrypts = false;
        return this;
    }

    @Override
    public Optional<Key> current() {
        return encrypts ? now.current() : Optional.empty();
    }

    @Override
    public Optional<Key> find(String name) {
        return now.find(name);
    }

    /** {@code settings} with these. */
    StoreSettings in(StoreSettings settings) {
        return settings.encrypting(new EncryptionSettings(this, Duration.ZERO, ""));
    }
}

package encryption;

import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A few keys, the first of which is the current one. Immutable. */
public final class Keys implements Keyring {

    /** One for each month of eight years. */
    public static final int COUNT_MAX = 100;

    private final Map<String, Key> byName;

    private Keys(Map<String, Key> byName) {
        this.byName = byName;
    }

    /**
     * @param keys at least one, and at most {@link #COUNT_MAX}
     * @throws IllegalArgumentException if there are none or too many, or two have the same name
     */
    public static Keys of(Key... keys) {
        Map<String, Key> byName = new LinkedHashMap<>();
        for (Key key : keys) {
            if (byName.put(key.name(), key) != null) {
                throw new IllegalArgumentException("two keys have the name " + key.name());
            }
        }
        if (byName.isEmpty() || byName.size() > COUNT_MAX) {
            throw new IllegalArgumentException(
                "there are " + byName.size() + " keys, not 1 to " + COUNT_MAX);
        }
        return new Keys(byName);
    }

    /**
     * Reads lines of the form {@code name base64-of-32-bytes}. Empty ones and those that begin with
     * # say nothing.
     *
     * @throws IllegalArgumentException if one is wrong; the message does not repeat what it says
     */
    public static Keys parse(List<String> lines) {
        List<Key> keys = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (!line.isEmpty() && !line.startsWith("#")) {
                keys.add(key(line, i + 1));
            }
        }
        return of(keys.toArray(Key[]::new));
    }

    private static Key key(String line, int number) {
        String[] words = line.split("\\s+");
        try {
            if (words.length == 2) {
                return Key.of(words[0], Base64.getDecoder().decode(words[1]));
            }
        } catch (IllegalArgumentException wrong) {
            // What Base64 says of it may repeat some of it.
        }
        throw new IllegalArgumentException("line " + number + " is not a name and, in base64, "
            + Key.BYTES + " bytes");
    }

    /**
     * These, with those of {@code before} that are not among them at the end.
     *
     * @throws IllegalArgumentException if a name stands for other bytes than before
     */
    public Keys after(Keys before) {
        Map<String, Key> all = new LinkedHashMap<>(byName);
        before.byName.forEach((name, key) -> {
            Key now = all.putIfAbsent(name, key);
            if (now != null && !now.isSame(key)) {
                throw new IllegalArgumentException("key " + name + " is not the key that had this "
                    + "name before; a new key needs a new name");
            }
        });
        return new Keys(all);
    }

    /** In their order. */
    public List<String> names() {
        return List.copyOf(byName.keySet());
    }

    @Override
    public Optional<Key> current() {
        return byName.values().stream().findFirst();
    }

    @Override
    public Optional<Key> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }
}

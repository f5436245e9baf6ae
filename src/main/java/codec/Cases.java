package codec;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * The cases of a sealed type, told apart by a word in field {@link #WORD}; each case with its
 * writer and its reader. Used from many threads once it is complete.
 */
final class Cases<T> {

    /** In each case: which it is. */
    static final int WORD = 1;

    private final String what;
    private final Map<Class<?>, Case<T>> byClass = new HashMap<>();
    private final Map<String, Case<T>> byWord = new HashMap<>();

    private record Case<T>(
            String word, BiConsumer<FieldWriter, T> write, Function<FieldReader, T> read) {}

    /** @param what they are, in a refusal */
    Cases(String what) {
        this.what = what;
    }

    <C extends T> Cases<T> with(Class<C> type, String word, BiConsumer<FieldWriter, C> write,
            Function<FieldReader, C> read) {
        Case<T> one = new Case<>(
            word, (to, value) -> write.accept(to, type.cast(value)), read::apply);
        if (byClass.put(type, one) != null || byWord.put(word, one) != null) {
            throw new IllegalStateException("there twice: " + word);
        }
        return this;
    }

    /** A case without fields. */
    <C extends T> Cases<T> with(Class<C> type, String word, C only) {
        return with(type, word, (to, value) -> { }, from -> only);
    }

    Set<Class<?>> types() {
        return byClass.keySet();
    }

    /** @throws IllegalArgumentException if it is none of these cases */
    void write(FieldWriter to, T value) {
        Case<T> one = byClass.get(value.getClass());
        if (one == null) {
            throw new IllegalArgumentException("no " + what + ": " + value.getClass());
        }
        to.text(WORD, "type", one.word);
        one.write.accept(to, value);
    }

    /** @throws IllegalArgumentException if the word is none of these */
    T read(FieldReader from) {
        T value = readOr(from, null);
        if (value == null) {
            throw new IllegalArgumentException("unknown " + what + ": " + from.text(WORD));
        }
        return value;
    }

    /** {@code other} if the word is none of these. */
    T readOr(FieldReader from, T other) {
        Case<T> one = byWord.get(from.text(WORD));
        return one == null ? other : one.read.apply(from);
    }
}

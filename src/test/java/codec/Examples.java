package codec;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import transaction.Bytes;
import transaction.Details;
import transaction.Mode;
import transaction.Summary;

/**
 * Records with something in each component, and no two alike: a component that a codec forgets, or
 * takes for another one, shows.
 */
final class Examples {

    private final Details details;
    private int last;

    Examples() {
        this(new Details.Concurrent(Map.of(1, List.of(0, 7), 300, List.of())));
    }

    /** @param details wherever there are some */
    Examples(Details details) {
        this.details = details;
    }

    /** One for each case of a sealed type. */
    static <T> Stream<T> ofEach(Class<T> sealed) {
        return Stream.of(sealed.getPermittedSubclasses()).map(each -> sealed.cast(of(each)));
    }

    static <T> T of(Class<T> type) {
        return type.cast(new Examples().value(type));
    }

    <T extends Record> T record(Class<T> type) {
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        Object[] values = new Object[components.length];
        for (int i = 0; i < components.length; i++) {
            types[i] = components[i].getType();
            values[i] = value(components[i].getGenericType());
        }
        try {
            var constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return constructor.newInstance(values);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError(type.toString(), e);
        }
    }

    private Object value(Type type) {
        if (type instanceof ParameterizedType generic) {
            return collection((Class<?>) generic.getRawType(), generic.getActualTypeArguments());
        }
        Class<?> plain = (Class<?>) type;
        int n = ++last;
        if (plain == String.class) {
            return "text ü " + n;
        } else if (plain == int.class) {
            return n;
        } else if (plain == long.class) {
            return (1L << 40) + n;
        } else if (plain == boolean.class) {
            return true;
        } else if (plain == Instant.class) {
            return Instant.ofEpochSecond(1_790_000_000L + n, 123_456_789 + n);
        } else if (plain == Duration.class) {
            return Duration.ofSeconds(n, 5_000_000 + n);
        } else if (plain == Bytes.class) {
            return Bytes.of(new byte[] {0, -1, (byte) n});
        } else if (plain == Mode.class) {
            return Mode.ALL.get(n % Mode.ALL.size());
        } else if (plain == Details.class || plain == Details.Concurrent.class) {
            return details;
        } else if (plain.isEnum()) {
            Object[] all = plain.getEnumConstants();
            return all[1 + n % (all.length - 1)];
        } else if (plain.isRecord()) {
            return record(plain.asSubclass(Record.class));
        }
        throw new AssertionError("no example of " + type);
    }

    private Object collection(Class<?> raw, Type[] of) {
        if (raw == List.class) {
            return List.of(value(of[0]), value(of[0]));
        } else if (raw == Optional.class) {
            return Optional.of(value(of[0]));
        } else if (raw == Map.class) {
            Map<Object, Object> map = new LinkedHashMap<>();
            map.put(value(of[0]), value(of[1]));
            map.put(value(of[0]), value(of[1]));
            return map;
        }
        throw new AssertionError("no example of " + raw);
    }

    /** A summary has the submission of the transaction that it stands for. */
    static transaction.Reply.Found found() {
        transaction.Reply.Found any = of(transaction.Reply.Found.class);
        Summary row = any.summary();
        return new transaction.Reply.Found(any.transaction(), new Summary(
            any.transaction().submission(), row.status(), row.reason(), row.result(),
            row.openedAt(), row.updatedAt(), row.dueAt(), row.retryInterval(), row.quarantine(),
            row.waiting()), any.node());
    }
}

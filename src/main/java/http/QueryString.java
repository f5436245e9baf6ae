package http;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import transaction.Chars;
import transaction.InvalidRequest;
import transaction.Limits;
import wire.KnownKeys;

/**
 * The parameters of a url. An empty one is as good as absent. One that is asked for and stands
 * there twice, or almost under that name, is a mistake; other unknown ones do not matter. What is
 * not escaped, as one client leaves it, is taken as it stands.
 */
final class QueryString {

    static final QueryString EMPTY = new QueryString(Map.of());

    private final Map<String, List<String>> values;

    private QueryString(Map<String, List<String>> values) {
        this.values = values;
    }

    /** @throws InvalidRequest if an escape is broken, or there are more than anybody needs */
    static QueryString of(String raw) {
        if (raw.isEmpty()) {
            return EMPTY;
        }
        Map<String, List<String>> values = new HashMap<>();
        String[] pairs = raw.split("&", Limits.QUERY_PARAMETERS + 1);
        if (pairs.length > Limits.QUERY_PARAMETERS) {
            throw new InvalidRequest(
                "the url has more than " + Limits.QUERY_PARAMETERS + " parameters");
        }
        for (String pair : pairs) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                values.computeIfAbsent(
                        decoded(pair.substring(0, equals)), first -> new ArrayList<>(1))
                    .add(decoded(pair.substring(equals + 1)));
            }
        }
        return new QueryString(values);
    }

    /** What stood elsewhere than in a url, to be read as if it had. */
    static QueryString of(Map<String, List<String>> values) {
        return new QueryString(Map.copyOf(values));
    }

    /** @throws InvalidRequest if it stands there twice, or only almost under that name */
    String text(String name) {
        List<String> said = values.get(name);
        if (said == null) {
            refuseAlmost(name);
            return "";
        }
        if (said.size() > 1) {
            throw new InvalidRequest("the parameter " + name + " stands twice in the url");
        }
        return said.get(0);
    }

    /**
     * Of all whose name begins so, what follows in the name, with the value, be it empty.
     *
     * @throws InvalidRequest if one stands there twice
     */
    Map<String, String> texts(String beginning) {
        Map<String, String> texts = new TreeMap<>();
        for (String name : values.keySet()) {
            if (name.startsWith(beginning)) {
                texts.put(name.substring(beginning.length()), text(name));
            }
        }
        return texts;
    }

    /** Each value that was said under that name, in order. */
    List<String> all(String name) {
        refuseAlmost(name);
        return values.getOrDefault(name, List.of());
    }

    /** @throws InvalidRequest if it is neither {@code true} nor {@code false} */
    boolean flag(String name) {
        String text = text(name);
        InvalidRequest.require(text.isEmpty() || text.equals("true") || text.equals("false"),
            name + " must be true or false, not " + Limits.cut(text, 100));
        return text.equals("true");
    }

    /**
     * @throws InvalidRequest if there is one that is not among {@code known}, or that has the
     *     character zero: nothing that is looked for has it, and PostgreSQL takes no such text
     */
    void requireKnown(Set<String> known) {
        values.forEach((written, said) -> {
            InvalidRequest.require(known.contains(written),
                "unknown parameter " + Limits.cut(written, 100) + (known.isEmpty()
                    ? "; none is taken here"
                    : "; known are " + String.join(", ", new TreeSet<>(known))));
            InvalidRequest.require(said.stream().allMatch(text -> text.indexOf('\0') < 0),
                written + " has the character U+0000");
        });
    }

    /** All that was said under that name, whatever it is worth. */
    String written(String name) {
        return String.join(",", values.getOrDefault(name, List.of()));
    }

    private void refuseAlmost(String name) {
        for (String written : values.keySet()) {
            if (!name.equals(written) && KnownKeys.areClose(name, written)) {
                throw new InvalidRequest("unknown parameter " + Limits.cut(written, 100)
                    + "; did you mean " + name + "?");
            }
        }
    }

    /** @throws InvalidRequest if it is no integer, or below 1; above {@code most} it is cut */
    int count(String name, int otherwise, int most) {
        return (int) Math.min(most, number(name, 1).orElse((long) otherwise));
    }

    /** @throws InvalidRequest if it is no integer, negative, or longer than is allowed anywhere */
    long seconds(String name, long otherwise) {
        long seconds = number(name, 0).orElse(otherwise);
        if (seconds > Limits.SECONDS_MAX) {
            throw new InvalidRequest(name + " must be at most " + Limits.SECONDS_MAX);
        }
        return seconds;
    }

    /** @throws InvalidRequest if it is no integer, negative, or above {@code most} */
    long amount(String name, long most) {
        long amount = number(name, 0).orElse(0L);
        if (amount > most) {
            throw new InvalidRequest(name + " must be at most " + most);
        }
        return amount;
    }

    /** Milliseconds since 1970, cut to the second. */
    Optional<Instant> moment(String name) {
        return number(name, Long.MIN_VALUE).map(millis -> {
            // Some years more than any transaction has, and few enough for every database.
            long last = Instant.parse("9999-01-01T00:00:00Z").toEpochMilli();
            return Instant.ofEpochSecond(Math.floorDiv(Math.max(0, Math.min(millis, last)), 1000));
        });
    }

    private Optional<Long> number(String name, long least) {
        String text = text(name);
        if (text.isEmpty()) {
            return Optional.empty();
        }
        long number = parsed(text).orElseThrow(() -> new InvalidRequest(
            name + ": convert to int error: " + Limits.cut(text, 100))); // DTM's words.
        if (number < least) {
            throw new InvalidRequest(name + " must be at least " + least);
        }
        return Optional.of(number);
    }

    private static Optional<Long> parsed(String text) {
        try {
            return Chars.isInteger(text) ? Optional.of(Long.parseLong(text)) : Optional.empty();
        } catch (NumberFormatException tooLarge) {
            return Optional.empty();
        }
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException broken) {
            throw new InvalidRequest("the query of the url has a broken escape");
        }
    }
}

package pactor.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigValueType;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import transaction.Headers;
import transaction.InvalidRequest;
import transaction.Protocol;
import transaction.Urls;

/**
 * Reads typed values below {@code pactor} and gathers what is wrong with them, so that an operator
 * hears of all problems at once. A value that is wrong is replaced by its lower bound; nobody sees
 * it, since {@link #done} throws. Not for several threads.
 */
public final class SettingsReader {

    /** Keys below {@code pactor} whose values are never shown. */
    static final Set<String> SECRETS = Set.of("store.password", "alert.web-hook");

    /** Keys below {@code pactor} that hold urls, in which passwords are never shown. */
    static final Set<String> URLS = Set.of("store.jdbc-url");

    /** How the library calls the place of values that it took from there. */
    private static final String SYSTEM_PROPERTIES = "system properties";

    private static final Pattern BARE_NUMBER = Pattern.compile("\\s*[+-]?[0-9.]+\\s*");

    /** What a number, a size in bytes or a time in milliseconds may be, both ends included. */
    public record Range(Unit unit, long least, long most) {}

    /** What a {@link Range} is counted in. */
    public enum Unit { NUMBER, BYTES, MILLIS }

    private final Config config;
    private final Map<String, Range> ranges = new TreeMap<>();
    private final Set<String> read = new TreeSet<>();
    private final List<String> problems = new ArrayList<>();

    /** @param config the tree below {@code pactor}, resolved */
    SettingsReader(Config config) {
        this.config = config;
    }

    int integer(String key, int least, int most) {
        ranges.put(key, new Range(Unit.NUMBER, least, most));
        return (int) wholeNumber(key, least, most);
    }

    /** A number of bytes, written as a size. */
    long bytes(String key, long least, long most) {
        ranges.put(key, new Range(Unit.BYTES, least, most));
        String allowed = "a size from " + least + " to " + most + " bytes, such as 4 MiB";
        return value(key, least, allowed, given -> {
            long bytes = config.getBytes(key);
            return bytes >= least && bytes <= most ? Optional.of(bytes) : Optional.empty();
        });
    }

    Duration duration(String key, Duration least, Duration most) {
        ranges.put(key, new Range(Unit.MILLIS, least.toMillis(), most.toMillis()));
        String allowed = "a time from " + shown(least) + " to " + shown(most)
            + ", with its unit, such as 10 s";
        return value(key, least, allowed, given -> {
            if (BARE_NUMBER.matcher(given).matches()) {
                return Optional.empty();
            }
            Duration time = config.getDuration(key);
            return time.compareTo(least) >= 0 && time.compareTo(most) <= 0
                ? Optional.of(time) : Optional.empty();
        });
    }

    boolean flag(String key) {
        return value(key, false, "on or off", given -> Optional.of(config.getBoolean(key)));
    }

    String text(String key) {
        return value(key, "", "a text", Optional::of);
    }

    String nonEmpty(String key) {
        return nonEmpty(key, "a text that is not empty", text -> true);
    }

    /** A text that is not empty and passes. */
    String nonEmpty(String key, String allowed, Predicate<String> passes) {
        return value(key, "", allowed, given ->
            Optional.of(given).filter(text -> !text.isBlank() && passes.test(text)));
    }

    /** A path that, made absolute, passes. */
    Path path(String key, String allowed, Predicate<String> passes) {
        return value(key, Path.of(""), allowed, given ->
            Optional.of(given).filter(text -> !text.isBlank()).map(Path::of)
                .filter(path -> passes.test(path.toAbsolutePath().toString())));
    }

    /** The path of a file, if one is given. */
    Optional<Path> file(String key) {
        return value(key, Optional.empty(), "empty or the path of a file", given -> Optional.of(
            given.isBlank() ? Optional.empty() : Optional.of(Path.of(given.strip()))));
    }

    /** Words between commas, each of which passes. */
    List<String> list(String key, String example, Predicate<String> passes) {
        return value(key, List.of(), "empty or a list such as " + example, given -> {
            List<String> all = Stream.of(given.split(",")).map(String::strip)
                .filter(each -> !each.isEmpty()).toList();
            return Optional.of(all).filter(each -> each.stream().allMatch(passes));
        });
    }

    /** One of these words, in whatever case; returned in lower case. */
    String word(String key, List<String> words) {
        return value(key, words.get(0), "one of " + String.join(", ", words), given ->
            Optional.of(given.toLowerCase(Locale.ROOT)).filter(words::contains));
    }

    Secret secret(String key) {
        return value(key, Secret.of(""), "a text", given -> Optional.of(Secret.of(given)));
    }

    /** A url that is empty or begins with one of these, in whatever case. */
    Secret url(String key, List<String> beginnings) {
        String allowed = "empty or a url that begins with " + String.join(" or ", beginnings);
        return value(key, Secret.of(""), allowed, given -> {
            String lower = given.toLowerCase(Locale.ROOT);
            boolean fine = given.isEmpty() || beginnings.stream().anyMatch(lower::startsWith);
            return Optional.of(Secret.url(given)).filter(url -> fine);
        });
    }

    /** A url that is empty or can be called over HTTP; secret, since it often carries a token. */
    Secret webHook(String key) {
        return value(key, Secret.of(""), "empty or a url that begins with http:// or https:// and"
                + " names a host", given -> {
            try {
                Urls.requireCallable(key, given, Protocol.HTTP);
                return Optional.of(Secret.of(given));
            } catch (InvalidRequest wrong) {
                return Optional.empty();
            }
        });
    }

    /** A text that may go into the metadata of calls over gRPC. */
    String metadata(String key) {
        return value(key, "", "printable ASCII without blanks at its ends", given -> {
            try {
                Headers.requireMetadata(key, given);
                return Optional.of(given);
            } catch (InvalidRequest wrong) {
                return Optional.empty();
            }
        });
    }

    /** Whether nobody has set that key. */
    boolean isDefault(String key) {
        return config.hasPath(key)
            && "reference.conf".equals(config.getValue(key).origin().resource());
    }

    /** Takes down a problem that lies between several keys. */
    void refuseIf(boolean wrong, String key, String because) {
        // A key with a problem of its own was replaced, so comparing it would only add noise.
        if (wrong && problems.isEmpty()) {
            problems.add(problem(key, because));
        }
    }

    /** Takes down each key that was not asked for. */
    void refuseOthers() {
        Set<String> known = new TreeSet<>();
        read.forEach(key -> known.add(Settings.ROOT + "." + key));
        for (var entry : config.entrySet()) {
            String place = Layer.place(entry.getValue().origin());
            if (!read.contains(entry.getKey()) && !place.equals(SYSTEM_PROPERTIES)) {
                String key = Settings.ROOT + "." + entry.getKey();
                problems.add(place + ": there is no key " + key + Suggestion.phrase(key, known));
            }
        }
    }

    /** What the numbers, sizes and times that were asked for may be, by key. */
    Map<String, Range> ranges() {
        return Map.copyOf(ranges);
    }

    /** The keys that were asked for. */
    Set<String> read() {
        return Set.copyOf(read);
    }

    /** @throws BadConfiguration with every problem, if there was any */
    void done() {
        if (!problems.isEmpty()) {
            throw new BadConfiguration(problems);
        }
    }

    private long wholeNumber(String key, long least, long most) {
        String allowed = "a whole number from " + least + " to " + most;
        return value(key, least, allowed, given -> {
            long number = Long.parseLong(given.trim());
            return number >= least && number <= most ? Optional.of(number) : Optional.empty();
        });
    }

    private <T> T value(String key, T instead, String allowed,
            Function<String, Optional<T>> reading) {
        read.add(key);
        Optional<T> found;
        try {
            found = reading.apply(config.getString(key));
        } catch (ConfigException | NumberFormatException | InvalidPathException wrong) {
            found = Optional.empty();
        }
        if (found.isEmpty()) {
            problems.add(problem(key, "must be " + allowed));
        }
        return found.orElse(instead);
    }

    private String problem(String key, String because) {
        if (!config.hasPathOrNull(key)) {
            return "pactor." + key + " is missing; it " + because;
        }
        ConfigOrigin origin = config.root().origin();
        String given = "null";
        if (!config.getIsNull(key)) {
            origin = config.getValue(key).origin();
            given = config.getValue(key).valueType() == ConfigValueType.OBJECT
                || config.getValue(key).valueType() == ConfigValueType.LIST
                ? "a " + config.getValue(key).valueType().name().toLowerCase(Locale.ROOT)
                : "\"" + masked(key, config.getString(key)) + "\"";
        }
        return "pactor." + key + " is " + given + " (" + Layer.place(origin) + "); it " + because;
    }

    /** What may be shown of a value of that key. */
    static String masked(String key, String value) {
        if (SECRETS.contains(key)) {
            return Secret.of(value).toString();
        }
        return URLS.contains(key) ? Secret.maskedUrl(value) : value;
    }

    private static String shown(Duration time) {
        if (time.isZero()) {
            return "0 s";
        }
        if (time.toMillis() % 1_000 != 0) {
            return time.toMillis() + " ms";
        }
        return time.toSeconds() % 86_400 == 0 ? time.toDays() + " d" : time.toSeconds() + " s";
    }
}

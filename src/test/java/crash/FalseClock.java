package crash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The library libfaketime, which lies to one process about the time of day. Each method gives the
 * environment to start that process with.
 */
final class FalseClock {

    /** Where Debian has libraries; below it there is a directory for each kind of machine. */
    private static final Path PLACES = Path.of("/usr/lib");

    private FalseClock() {}

    /** Whether this machine has the library. */
    static boolean isHere() {
        return library().isPresent();
    }

    /** Always so many seconds ahead, or behind if that is negative. */
    static Map<String, String> ahead(long seconds) {
        return environment(Map.of("FAKETIME", text(seconds) + "s"));
    }

    /** As far ahead as the file says, which may be written anew; see {@link #text}. */
    static Map<String, String> following(Path file) {
        return environment(Map.of(
            "FAKETIME_TIMESTAMP_FILE", file.toString(), "FAKETIME_CACHE_DURATION", "1"));
    }

    /** What that file holds. */
    static String text(long seconds) {
        return (seconds < 0 ? "" : "+") + seconds;
    }

    /** Whether that coordinator takes it for so much later, by the date in its answers. */
    static boolean isAhead(Wire wire, long seconds) {
        try {
            Instant told = wire.get("/api/ping").headers().firstValue("Date")
                .map(text -> ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME))
                .orElseThrow(() -> new IllegalStateException("no date")).toInstant();
            Duration off = Duration.between(Instant.now().plusSeconds(seconds), told);
            return off.abs().compareTo(Duration.ofMinutes(1)) < 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Map<String, String> environment(Map<String, String> offset) {
        Map<String, String> all = new HashMap<>(offset);
        all.put("LD_PRELOAD", library().orElseThrow().toString());
        // Else it takes waits by the steady clock for over, and the JVM spins.
        all.put("DONT_FAKE_MONOTONIC", "1");
        all.put("FAKETIME_FORCE_MONOTONIC_FIX", "0");
        return all;
    }

    private static Optional<Path> library() {
        if (!Files.isDirectory(PLACES)) {
            return Optional.empty();
        }
        try (Stream<Path> all = Files.list(PLACES)) {
            return all.map(each -> each.resolve("faketime/libfaketimeMT.so.1"))
                .filter(Files::exists).findFirst();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package io.pactor.client;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * The value of the header {@code Authorization} with a token that stands in a file, as secrets are
 * mounted. A file that changes counts within a second; one that cannot be read meanwhile, as while
 * it is being replaced, leaves the token as it was. Thread-safe.
 */
final class TokenFile implements Supplier<String> {

    /** Longer files hold no token: a header has no room for one. */
    static final int BYTES_MAX = 8_192;

    private static final long FRESH_NANOS = Duration.ofSeconds(1).toNanos();

    private final Path path;
    private final LongSupplier nanoTime;
    private volatile Seen seen;

    private record Seen(String header, long at) {}

    private TokenFile(Path path, LongSupplier nanoTime) {
        this.path = path;
        this.nanoTime = nanoTime;
    }

    /** @throws IllegalStateException if there is no token in {@code path} */
    static TokenFile read(Path path) {
        return read(path, System::nanoTime);
    }

    static TokenFile read(Path path, LongSupplier nanoTime) {
        TokenFile file = new TokenFile(path, nanoTime);
        try {
            file.seen = new Seen(file.header(), nanoTime.getAsLong());
            return file;
        } catch (IOException e) {
            throw new IllegalStateException("the token cannot be read from " + path + ": " + e, e);
        }
    }

    @Override
    public String get() {
        Seen last = seen;
        long now = nanoTime.getAsLong();
        if (now - last.at < FRESH_NANOS) {
            return last.header;
        }
        String header;
        try {
            header = header();
        } catch (IOException meanwhile) {
            header = last.header;
        }
        seen = new Seen(header, now);
        return header;
    }

    private String header() throws IOException {
        try (var in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(BYTES_MAX + 1);
            String token = new String(bytes, StandardCharsets.UTF_8).strip();
            if (bytes.length > BYTES_MAX || token.isEmpty()
                    || !token.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
                throw new IOException("it holds no token, which is one line of printable ASCII");
            }
            return "Bearer " + token;
        }
    }
}

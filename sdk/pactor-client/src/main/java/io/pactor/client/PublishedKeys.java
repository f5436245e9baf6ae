package io.pactor.client;

import io.pactor.client.participant.UnverifiedCall;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongSupplier;

/**
 * The public keys of the coordinators: those that were given, and those that they publish. These
 * are read when they are first needed, again when a key is asked for that is not among them, and
 * every now and then, so that one that is published no more is trusted no more. Thread-safe; blocks
 * while they are read, for a bounded time.
 */
final class PublishedKeys {

    /** Where coordinators publish them. */
    static final String PATH = "/.well-known/http-message-signatures-directory";

    /** After which they are read again. */
    static final Duration FRESH = Duration.ofMinutes(5);

    /** How often a key that is not known has them read, so that strangers cannot make it more. */
    static final Duration PAUSE = Duration.ofSeconds(10);

    /** How long those of a coordinator that cannot be reached are trusted. */
    static final Duration KEPT = Duration.ofHours(1);

    /** One read, body included. */
    static final Duration READ_MAX = Duration.ofSeconds(5);

    /** More than any coordinator publishes. */
    static final int BYTES_MAX = 65_536;

    private final Map<String, Ed25519> given;
    private final List<Source> sources;
    private final HttpClient http;
    private final LongSupplier nanoTime;
    private final ReentrantLock reading = new ReentrantLock();
    private volatile Read last;

    /** One coordinator. */
    private static final class Source {

        private final URI url;
        private Map<String, Ed25519> keys = Map.of();
        private boolean hasKeys;
        private long readAt;

        Source(URI url) {
            this.url = url;
        }
    }

    /**
     * What came of reading them.
     *
     * @param at in the system's nanoseconds
     * @param problem why some of them could not be read; empty if all could
     */
    private record Read(Map<String, Ed25519> keys, long at, String problem) {}

    PublishedKeys(Map<String, Ed25519> given, List<URI> coordinators, HttpClient http,
            LongSupplier nanoTime) {
        this.given = Map.copyOf(given);
        this.sources = coordinators.stream().map(Source::new).toList();
        this.http = http;
        this.nanoTime = nanoTime;
    }

    /** @throws UnverifiedCall if there is none of that name, or it cannot be known */
    Ed25519 find(String id) {
        Ed25519 own = given.get(id);
        if (own != null) {
            return own;
        }
        Read read = sources.isEmpty() ? new Read(Map.of(), 0, "") : read(id);
        Ed25519 found = read.keys.get(id);
        if (found == null && read.problem.isEmpty()) {
            throw new UnverifiedCall("the key " + Ed25519.shown(id) + " is of no coordinator",
                false);
        }
        if (found == null) {
            throw new UnverifiedCall("the key " + Ed25519.shown(id) + " is not known, and the keys"
                + " of the coordinators cannot be read: " + read.problem, true);
        }
        return found;
    }

    private Read read(String id) {
        Read known = last;
        if (known != null && known.keys.containsKey(id)) {
            if (isOlder(known, FRESH) && reading.tryLock()) {
                return readLocked(known);
            }
            return known;
        }
        reading.lock();
        Read since = last;
        if (since != null && (since.keys.containsKey(id) || !isOlder(since, PAUSE))) {
            reading.unlock();
            return since;
        }
        return readLocked(since);
    }

    /** @param before what was known before this thread held the lock */
    private Read readLocked(Read before) {
        try {
            if (last == before) {
                last = readAll();
            }
            return last;
        } finally {
            reading.unlock();
        }
    }

    private boolean isOlder(Read read, Duration age) {
        return nanoTime.getAsLong() - read.at > age.toNanos();
    }

    /** All at once: one that does not answer delays the others by nothing. */
    private Read readAll() {
        List<CompletableFuture<Map<String, Ed25519>>> answers = new ArrayList<>();
        sources.forEach(each -> answers.add(ask(each.url)));
        long now = nanoTime.getAsLong();
        Map<String, Ed25519> all = new HashMap<>();
        List<String> problems = new ArrayList<>();
        for (int i = 0; i < sources.size(); i++) {
            Source source = sources.get(i);
            try {
                source.keys = answers.get(i).join();
                source.hasKeys = true;
                source.readAt = now;
            } catch (CompletionException failed) {
                problems.add(source.url + ": " + failed.getCause());
            }
            if (source.hasKeys && now - source.readAt <= KEPT.toNanos()) {
                all.putAll(source.keys);
            }
        }
        return new Read(Map.copyOf(all), nanoTime.getAsLong(), String.join("; ", problems));
    }

    private CompletableFuture<Map<String, Ed25519>> ask(URI coordinator) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(coordinator + PATH))
            .timeout(READ_MAX).build();
        CompletableFuture<HttpResponse<String>> sent =
            http.sendAsync(request, head -> new BoundedText(BYTES_MAX));
        return sent.copy().orTimeout(READ_MAX.toMillis(), TimeUnit.MILLISECONDS)
            .whenComplete((answer, thrown) -> {
                if (thrown != null) {
                    sent.cancel(true);
                }
            })
            .thenApply(answer -> {
                if (answer.statusCode() != 200) {
                    throw new IllegalStateException("it answers " + answer.statusCode()
                        + " to a request for its keys");
                }
                return Ed25519.set(answer.body());
            });
    }
}

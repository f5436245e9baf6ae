package io.pactor.client;

import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One request on its way to the first coordinator that answers.
 *
 * <p>The urls are tried one right after another; after each round there is a wait, twice as long as
 * the one before. One step runs at a time, so the fields need no guard beyond what futures give.
 */
final class Sending {

    /** The first wait, after all urls have been tried once. */
    static final Duration BACKOFF_FIRST = Duration.ofMillis(100);

    /** A coordinator that restarts is found again within this time. */
    static final Duration BACKOFF_MAX = Duration.ofSeconds(2);

    /** A coordinator may ask for more; no caller should be held up longer by its word alone. */
    static final Duration RETRY_AFTER_MAX = Duration.ofSeconds(10);

    private final Transport transport;
    private final Request request;
    private final Operation operation;
    private final List<URI> urls;
    private final int first;
    private final Map<URI, String> troubles = new LinkedHashMap<>();
    private final CompletableFuture<Answer> result = new CompletableFuture<>();
    private int tries;
    private Duration asked = Duration.ZERO;

    Sending(Transport transport, Request request, Operation operation) {
        this.transport = transport;
        this.request = request;
        this.operation = operation;
        this.urls = transport.settings().urls();
        this.first = transport.preferred();
    }

    CompletableFuture<Answer> start() {
        next();
        return result;
    }

    private void next() {
        Duration left = operation.left();
        if (operation.isOver()) {
            giveUp();
            return;
        }
        URI base = urls.get((first + tries) % urls.size());
        try {
            understood(base, limit(left))
                .thenCompose(yes -> transport.exchange(base, request, limit(left), operation))
                .handleAsync((answer, thrown) -> arrived(base, answer, thrown),
                    transport.settings().executor())
                .exceptionally(bug -> result.completeExceptionally(bug));
        } catch (RuntimeException e) {
            result.completeExceptionally(e); // A header's supplier; a repeat would not help.
        }
    }

    /** One who waits for a verdict needs time to ask for it if none comes. */
    private Duration limit(Duration left) {
        Duration share = request.waits() ? left.multipliedBy(3).dividedBy(4) : left;
        Duration one = transport.settings().requestTimeout();
        return share.compareTo(one) < 0 ? share : one;
    }

    /** Ends well if {@code base} has all features that the request needs. */
    private CompletableFuture<Void> understood(URI base, Duration limit) {
        if (request.needs().isEmpty()) {
            return CompletableFuture.completedFuture(null);
        }
        return transport.server(base, request.features(), limit, operation).thenAccept(server ->
            request.needs().forEach((feature, part) -> {
                if (!server.features().contains(feature)) {
                    throw new RejectedException(operation.gid(), 0, "not sent: " + part
                        + " needs a coordinator with " + feature + ", but that at " + base + " ("
                        + (server.version().isEmpty() ? "no version" : server.version())
                        + ") would ignore it");
                }
            }));
    }

    private boolean arrived(URI base, Answer answer, Throwable thrown) {
        Throwable cause = thrown instanceof CompletionException ? thrown.getCause() : thrown;
        if (cause instanceof PactorException || cause instanceof IllegalStateException) {
            result.completeExceptionally(cause);
        } else if (cause != null && request.waits() && !isBeforeSending(cause)) {
            result.complete(Answer.none(base, words(cause)));
        } else if (cause != null) {
            troubles.put(base, words(cause));
            again(Duration.ZERO);
        } else if (isTrouble(answer.status())) {
            troubles.put(base, answer.inWords().substring(base.toString().length() + 2));
            again(answer.retryAfter());
        } else {
            transport.prefer((first + tries) % urls.size());
            result.complete(answer);
        }
        return result.isDone();
    }

    /** Whether another try may get a better answer: too busy, too slow, broken or not ready. */
    private boolean isTrouble(int status) {
        if (request.waits() && (status == 500 || status == 504)) {
            return false; // The transaction may be there, and going on.
        }
        return status == 408 || status == 429 || status >= 500;
    }

    private static boolean isBeforeSending(Throwable cause) {
        return cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException
            || cause instanceof NoTokenException;
    }

    private void again(Duration retryAfter) {
        tries++;
        asked = longer(asked, shorter(retryAfter, RETRY_AFTER_MAX));
        if (tries % urls.size() != 0) {
            next();
            return;
        }
        int round = tries / urls.size();
        Duration wait = longer(backoff(round), asked);
        asked = Duration.ZERO;
        if (round >= transport.settings().attempts() || wait.compareTo(operation.left()) >= 0) {
            giveUp();
            return;
        }
        CompletableFuture.delayedExecutor(wait.toNanos(), TimeUnit.NANOSECONDS,
            transport.settings().executor()).execute(this::next);
    }

    /** Half of it is left to chance, so that those who failed together do not come together. */
    static Duration backoff(int round) {
        long doubled = BACKOFF_FIRST.toNanos() << Math.min(round - 1, 10);
        long longest = Math.min(doubled, BACKOFF_MAX.toNanos());
        return Duration.ofNanos(ThreadLocalRandom.current().nextLong(longest / 2, longest + 1));
    }

    private void giveUp() {
        StringBuilder said = new StringBuilder("no answer from a coordinator after " + tries
            + (tries == 1 ? " try" : " tries") + " within " + inWords(operation.allowed()));
        String separator = " (";
        for (Map.Entry<URI, String> each : troubles.entrySet()) {
            said.append(separator).append(each.getKey()).append(": ").append(each.getValue());
            separator = "; ";
        }
        said.append(troubles.isEmpty() ? "" : ")");
        if (!request.method().equals("GET")) {
            said.append("; ").append(operation.mayBe());
        }
        result.completeExceptionally(
            new UnavailableException(operation.gid(), said.toString(), null));
    }

    private String words(Throwable cause) {
        if (cause instanceof HttpConnectTimeoutException) {
            return "no connection in time";
        }
        if (cause instanceof HttpTimeoutException || cause instanceof TimeoutException) {
            return "no answer in time";
        }
        if (cause instanceof ConnectException) {
            return cause.getCause() instanceof UnresolvedAddressException
                ? "unknown host" : "no connection";
        }
        return cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage();
    }

    private static String inWords(Duration time) {
        return time.toMillis() % 1_000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
    }

    private static Duration longer(Duration one, Duration other) {
        return one.compareTo(other) > 0 ? one : other;
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}

package credential;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A token of an authorization server, kept while it is good. The next one is fetched before it
 * ends, while calls go on with the old one. There is one fetch at a time; after one that failed
 * there is a pause, in which calls hear at once what went wrong. Thread-safe.
 */
final class FetchedToken implements Credential {

    private static final Logger LOG = LoggerFactory.getLogger(FetchedToken.class);

    private final TokenServer.Asked asked;
    private final LongSupplier nanos;

    private HeaderValue value;
    private long askedAt;
    private Duration life = Duration.ZERO;
    private CompletableFuture<HeaderValue> fetching;
    private String problem = "";
    private int failures;
    private long failedAt;
    private boolean isStale;
    private boolean wasRefused;
    private long refusedAt;

    FetchedToken(TokenServer.Asked asked) {
        this(asked, System::nanoTime);
    }

    /** @param nanos the time, which only goes forward */
    FetchedToken(TokenServer.Asked asked, LongSupplier nanos) {
        this.asked = asked;
        this.nanos = nanos;
    }

    @Override
    public String header() {
        return "Authorization";
    }

    @Override
    public CompletionStage<HeaderValue> value(TokenServer server) {
        CompletableFuture<HeaderValue> mine;
        CompletionStage<HeaderValue> answer;
        synchronized (this) {
            boolean isGood = isWithin(life.minus(least(Bounds.UNUSED_BEFORE_END, 10)));
            boolean isFresh = !isStale && isWithin(life.minus(least(Bounds.FETCHED_BEFORE_END, 4)));
            boolean mayFetch = fetching == null && !isPausing();
            mine = mayFetch && !isFresh ? new CompletableFuture<>() : null;
            if (mine != null) {
                fetching = mine;
            }
            answer = fetching != null && (isStale || !isGood) ? awaited(isGood)
                : isGood ? CompletableFuture.completedFuture(value)
                : CompletableFuture.failedFuture(new NoToken(problem));
        }
        if (mine != null) {
            fetch(server, mine);
        }
        return answer;
    }

    /** @param isGood whether the former one does if no other comes */
    private CompletionStage<HeaderValue> awaited(boolean isGood) {
        HeaderValue former = value;
        return isGood ? fetching.exceptionally(failed -> former) : fetching.copy();
    }

    @Override
    public synchronized void refused(HeaderValue refused) {
        long now = nanos.getAsLong();
        boolean again = wasRefused && now - refusedAt < Bounds.REFUSED_PAUSE.toNanos();
        if (refused.equals(value) && !again) {
            wasRefused = true;
            refusedAt = now;
            // It may be good all the same, and is used until another has come.
            isStale = true;
            LOG.warn("the token of {} was refused by a participant; another is fetched", asked);
        }
    }

    private void fetch(TokenServer server, CompletableFuture<HeaderValue> mine) {
        long begin = nanos.getAsLong();
        CompletionStage<TokenServer.Token> fetched;
        try {
            fetched = server.fetch(asked);
        } catch (RuntimeException bug) {
            fetched = CompletableFuture.failedFuture(bug);
        }
        fetched.whenComplete((token, failed) -> {
            if (failed == null) {
                HeaderValue fresh = HeaderValue.of("Bearer", token.value());
                took(fresh, token.life().orElse(Bounds.LIFE_UNSAID), begin);
                mine.complete(fresh);
            } else {
                mine.completeExceptionally(new NoToken(failed(failed)));
            }
        });
    }

    private synchronized void took(HeaderValue fresh, Duration lives, long begin) {
        value = fresh;
        isStale = false;
        life = lives.compareTo(Bounds.LIFE_MAX) > 0 ? Bounds.LIFE_MAX : lives;
        askedAt = begin;
        fetching = null;
        failures = 0;
        problem = "";
    }

    private synchronized String failed(Throwable thrown) {
        Throwable cause = thrown instanceof CompletionException && thrown.getCause() != null
            ? thrown.getCause() : thrown;
        // What is not expected may have anything in its message.
        String reason = cause instanceof NoToken ? cause.getMessage()
            : cause.getClass().getSimpleName();
        problem = "no token for " + asked + ": " + reason;
        failures++;
        failedAt = nanos.getAsLong();
        fetching = null;
        if (Integer.bitCount(failures) == 1) {
            LOG.warn("{} ({} times in a row)", problem, failures);
        }
        return problem;
    }

    private boolean isWithin(Duration age) {
        return value != null && nanos.getAsLong() - askedAt < age.toNanos();
    }

    private boolean isPausing() {
        long longest = Bounds.FETCH_PAUSE_MAX.toNanos();
        long pause = Math.min(longest,
            Bounds.FETCH_PAUSE.toNanos() << Math.min(16, Math.max(0, failures - 1)));
        return failures > 0 && nanos.getAsLong() - failedAt < pause;
    }

    private Duration least(Duration margin, int share) {
        Duration part = life.dividedBy(share);
        return margin.compareTo(part) < 0 ? margin : part;
    }
}

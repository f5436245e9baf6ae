package security;

import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import transaction.Limits;
import transaction.LiveEvents;

/**
 * The live events of a node, of whose readers no caller takes more than
 * {@link Limits#EVENT_READERS_OF_CALLER}: one that is not closed, or a token in the wrong hands,
 * leaves the others theirs. Callers without a name are told apart by nothing, and are not bounded
 * here. Thread-safe.
 */
public final class SharedEvents {

    private final LiveEvents all;
    private final Map<String, Integer> readers = new ConcurrentHashMap<>();

    public SharedEvents(LiveEvents all) {
        this.all = all;
    }

    /** What {@code caller} may hear; no reader is opened for one that has too many. */
    public LiveEvents of(Caller caller) {
        LiveEvents own = ScopedEvents.of(all, caller);
        return caller.isNamed() ? (after, filter) -> open(own, caller, after, filter) : own;
    }

    private CompletionStage<Optional<LiveEvents.Reader>> open(
            LiveEvents own, Caller caller, String after, LiveEvents.Filter filter) {
        // Who may name any namespace is one caller in all of them.
        String who = (caller.mayName() ? "" : caller.namespace()) + " " + caller.role().text() + " "
            + caller.name();
        int now = readers.merge(who, 1, Integer::sum);
        if (now > Limits.EVENT_READERS_OF_CALLER) {
            leave(who);
            return CompletableFuture.completedFuture(Optional.empty());
        }
        CompletionStage<Optional<LiveEvents.Reader>> opened;
        try {
            opened = own.open(after, filter);
        } catch (RuntimeException refused) {
            leave(who);
            throw refused;
        }
        return opened.handleAsync((reader, failed) -> {
            if (failed != null || reader.isEmpty()) {
                leave(who);
            }
            return failed == null ? CompletableFuture.completedFuture(
                reader.<LiveEvents.Reader>map(each -> new Counted(each, who)))
                : CompletableFuture.<Optional<LiveEvents.Reader>>failedFuture(failed);
        }, Runnable::run).thenComposeAsync(found -> found, Runnable::run);
    }

    private void leave(String who) {
        readers.computeIfPresent(who, (name, count) -> count == 1 ? null : count - 1);
    }

    /** One that counts until it is closed. */
    private final class Counted implements LiveEvents.Reader {

        private final LiveEvents.Reader reader;
        private final String who;
        private final AtomicBoolean isClosed = new AtomicBoolean();

        Counted(LiveEvents.Reader reader, String who) {
            this.reader = reader;
            this.who = who;
        }

        @Override
        public CompletionStage<Optional<LiveEvents.Page>> next() {
            return reader.next();
        }

        @Override
        public void close() {
            reader.close();
            if (isClosed.compareAndSet(false, true)) {
                leave(who);
            }
        }
    }
}

package transaction;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Port, needed: which participants operators have nobody call at present. Durable, and the same for
 * all nodes of a cluster: a change is in force at once where it was made, and on the others within
 * {@link Limits#HOLD_FRESH}.
 *
 * <p>No method blocks. A stage completes exceptionally if the database is out of reach.
 */
public interface Holds {

    /** As many are paused as may be; nothing was changed. */
    final class TooMany extends RuntimeException {

        public TooMany() {
            super(Limits.HOLDS + " participants are paused, as many as may be: resume one first");
        }
    }

    /** None, for ever. */
    Holds NONE = new Holds() {
        @Override
        public CompletionStage<Boolean> hold(
                String participant, Instant until, String reason, String by) {
            throw new UnsupportedOperationException("nothing can be held here");
        }

        @Override
        public CompletionStage<Boolean> release(String participant) {
            throw new UnsupportedOperationException("nothing can be held here");
        }

        @Override
        public CompletionStage<List<Hold>> all() {
            return CompletableFuture.completedFuture(List.of());
        }

        @Override
        public CompletionStage<Optional<Hold>> of(String url) {
            return CompletableFuture.completedFuture(Optional.empty());
        }
    };

    /**
     * In place of what was said of that participant before. The stage has whether anything is
     * otherwise than before; it fails with {@link TooMany} if another one would be more than
     * {@link Limits#HOLDS}.
     *
     * @param participant as {@link Hold#participant(String)} gives it, or {@link Hold#ALL}
     * @throws InvalidRequest if it could not end so
     */
    CompletionStage<Boolean> hold(String participant, Instant until, String reason, String by);

    /** The stage has whether there was one. */
    CompletionStage<Boolean> release(String participant);

    /** Those that are not over, in the order of their names. */
    CompletionStage<List<Hold>> all();

    /** The one that keeps calls to {@code url} from being made. */
    CompletionStage<Optional<Hold>> of(String url);
}

package transaction;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Port, needed: the finished, for those who remove them. A transaction is removed in two steps: its
 * events and all that its row says go first, and the row itself, which keeps its id from being used
 * again, goes later.
 *
 * <p>No method blocks. Each does all of its work or none, and several nodes may do the same at
 * once: what is not finished, or not there any more, is passed over. A stage completes
 * exceptionally if the database cannot be used.
 */
public interface History {

    /** The statuses that end a transaction, in the order in which they are walked. */
    List<Status> FINAL = List.of(Status.SUCCEED, Status.FAILED);

    /**
     * Those of one mode and final status, the first opened first. None of them is in quarantine.
     *
     * @param openedBy the last moment of opening that is asked for
     * @param after where the page before ended; null for the first
     * @param limit 1 to {@link Limits#PAGE_ROWS}
     */
    CompletionStage<List<Finished>> finished(Walk walk, Instant openedBy, Finished after,
        int limit);

    /**
     * Removes these with their events; their ids stay refused.
     *
     * @param now noted as the moment of the removal
     * @return how many were removed
     */
    CompletionStage<Integer> remove(List<Finished> chosen, Instant now);

    /**
     * Lets ids be used again.
     *
     * @param removedBy the last moment of removal that counts
     * @return how many were forgotten, {@code limit} at most
     */
    CompletionStage<Integer> forget(Mode mode, Instant removedBy, int limit);

    /** When one of those that were opened first and have ended did so. */
    CompletionStage<Optional<Instant>> oldest();

    /** One walk along the index. */
    record Walk(Mode mode, Status status) {}

    /**
     * @param id its row
     * @param openedAt its place in the walk, with {@code id}
     * @param endedAt when its last fact was written
     */
    record Finished(long id, String gid, Instant openedAt, Instant endedAt) {}
}

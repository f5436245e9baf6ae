package transaction;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/**
 * Port, needed: all transactions, a row each, written in the same database transaction as their
 * events, so that it lags behind nothing.
 *
 * <p>No method blocks. A stage completes exceptionally if the database cannot be read.
 */
public interface TransactionIndex {

    /**
     * Newest first.
     *
     * @param cursor what the page before gave; empty for the first
     * @param limit 1 to {@link Limits#PAGE_ROWS}
     * @throws InvalidRequest (thrown, or the stage fails with it) if the cursor is not one of ours
     */
    CompletionStage<Page> list(Filter filter, String cursor, int limit);

    CompletionStage<Optional<Summary>> find(String gid);

    /** About how long the history of a transaction is; 0 if there is none. */
    default CompletionStage<Long> bytes(String gid) {
        return CompletableFuture.completedFuture(0L);
    }

    /**
     * The unfinished that are due by {@code until}, the most overdue first. How many at once is the
     * asker's own bound, here and below.
     *
     * @param after where the page before ended; null for the first
     */
    default CompletionStage<List<Due>> due(Instant until, Due after, int limit) {
        return due(until, after, limit, Share.ALL);
    }

    /**
     * Of these, the ones that fall to one of several who share the work.
     *
     * @param after where the page before ended; null for the first
     */
    CompletionStage<List<Due>> due(Instant until, Due after, int limit, Share share);

    /** The unfinished of a namespace that are not due before {@code from}, in no set order. */
    CompletionStage<List<Due>> dueAfter(String namespace, Instant from, int limit);

    /**
     * What has happened to a transaction, the first entry first, whether it has ended or not.
     *
     * @param after the number of the last entry that was seen; 0 for the first page
     * @param limit 1 to {@link Limits#HISTORY_ENTRIES}
     */
    CompletionStage<Entries> history(String gid, long after, int limit);

    /**
     * Notes when a transaction is due now, although nothing happened to it that is worth an entry.
     * Does nothing if it has ended, or has another last entry than that one.
     */
    CompletionStage<Void> reschedule(String gid, long lastEntry, Instant dueAt);

    /**
     * Takes a transaction out of what is due, and says why. Said twice, it stands once. If what is
     * in the way is expected to pass, it stays due instead, so that it is read again by itself.
     */
    CompletionStage<Quarantining> quarantine(String gid, String reason);

    /** Makes one in quarantine due, so that its history is read again. */
    CompletionStage<Void> readAgain(String gid);

    /**
     * To be called when the history of {@code gid} was read and is whole: if it was in quarantine,
     * it is not any more, and is due unless it has ended. The stage has whether it was.
     */
    CompletionStage<Boolean> release(String gid);

    /**
     * Ends one in quarantine as failed. Its history is not added to. The stage has whether it had
     * not ended before.
     */
    CompletionStage<Boolean> endByForce(String gid, String reason, Instant now);

    /** How many there are unfinished in each namespace, mode and status. */
    CompletionStage<List<Count>> unfinished();

    /**
     * What keeps the unfinished from going on, the most frequent first.
     *
     * @param namespace whose
     * @param limit of groups, the asker's own bound
     */
    default CompletionStage<Troubles> troubles(String namespace, int limit) {
        return CompletableFuture.completedFuture(new Troubles(List.of(), true));
    }

    /**
     * Empty fields let everything of the namespace pass.
     *
     * @param openedFrom inclusive, to the second
     * @param openedTo inclusive, to the second
     * @param quarantined whether only those in quarantine pass
     * @param parked whether only those that are parked pass
     * @param attributes those pass that have all of these
     * @param namespace those of no other one pass
     * @param search what else they are to be like
     */
    record Filter(
            Optional<Status> status,
            Optional<Mode> mode,
            Optional<Instant> openedFrom,
            Optional<Instant> openedTo,
            boolean quarantined,
            boolean parked,
            Map<String, String> attributes,
            String namespace,
            Search search) {

        public Filter {
            attributes = Map.copyOf(attributes);
        }

        /** In the namespace {@code default}. */
        public Filter(Optional<Status> status, Optional<Mode> mode, Optional<Instant> openedFrom,
                Optional<Instant> openedTo, boolean quarantined, boolean parked,
                Map<String, String> attributes) {
            this(status, mode, openedFrom, openedTo, quarantined, parked, attributes,
                Search.NONE);
        }

        /** The same of those whose gids begin so. */
        public Filter ofGids(String prefix) {
            return new Filter(status, mode, openedFrom, openedTo, quarantined, parked, attributes,
                namespace, search.ofGids(prefix));
        }

        /** Those of them that have not ended. */
        public Filter unfinished() {
            return new Filter(status, mode, openedFrom, openedTo, quarantined, parked, attributes,
                namespace, search.unfinishedOnly());
        }

        /** The same in another namespace. */
        public Filter in(String other) {
            return new Filter(status, mode, openedFrom, openedTo, quarantined, parked, attributes,
                other, search);
        }

        /** In the namespace {@code default}. */
        public Filter(Optional<Status> status, Optional<Mode> mode, Optional<Instant> openedFrom,
                Optional<Instant> openedTo, boolean quarantined, boolean parked,
                Map<String, String> attributes, Search search) {
            this(status, mode, openedFrom, openedTo, quarantined, parked, attributes,
                Context.DEFAULT_NAMESPACE, search);
        }

        public Filter(Optional<Status> status, Optional<Mode> mode,
                Optional<Instant> openedFrom, Optional<Instant> openedTo) {
            this(status, mode, openedFrom, openedTo, false, false, Map.of());
        }

        public static final Filter ALL =
            new Filter(Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
    }

    /**
     * Empty fields let everything pass. What is asked of the {@link Trouble} lets pass only those
     * that are in one.
     *
     * @param unfinished whether only those pass that have not ended
     * @param inTrouble whether only those pass that are in some trouble
     * @param waiting what they wait for
     * @param gidPrefix what their gids begin with; then they come in the order of the gids
     * @param cause of the trouble
     * @param participant of the trouble; without a port, on each of them
     * @param error what the error has in it, in whatever case
     * @param errorIs what the error is, to the letter
     * @param minAttempts how often it was tried at least
     * @param updatedBefore before when their last fact was written
     * @param oldestFirst whether the first opened comes first
     */
    record Search(boolean unfinished, boolean inTrouble, Optional<Waiting> waiting,
            String gidPrefix, String cause, String participant, String error, String errorIs,
            int minAttempts, Optional<Instant> updatedBefore, boolean oldestFirst) {

        public static final Search NONE = new Search(false, false, Optional.empty(), "", "", "",
            "", "", 0, Optional.empty(), false);

        public static final Search IN_TROUBLE = new Search(true, true, Optional.empty(), "", "",
            "", "", "", 0, Optional.empty(), false);

        private Search unfinishedOnly() {
            return new Search(true, inTrouble, waiting, gidPrefix, cause, participant, error,
                errorIs, minAttempts, updatedBefore, oldestFirst);
        }

        private Search ofGids(String prefix) {
            return new Search(unfinished, inTrouble, waiting, prefix, cause, participant, error,
                errorIs, minAttempts, updatedBefore, oldestFirst);
        }

        /** Whether only those pass that are in some trouble. */
        public boolean isForTrouble() {
            return inTrouble || !(cause.isEmpty() && participant.isEmpty() && error.isEmpty()
                && errorIs.isEmpty()) || minAttempts > 0;
        }
    }

    /**
     * @param groups without those beyond the bound
     * @param complete whether these are all, and all were counted
     */
    record Troubles(List<Group> groups, boolean complete) {}

    /**
     * Those that cannot go on for the same reason.
     *
     * @param trouble what they have in common; its attempts are 0
     * @param oldest when the oldest of them was opened
     */
    record Group(Trouble trouble, long count, Instant oldest) {}

    /** @param next cursor of the next page; empty if this was the last */
    record Page(List<Summary> rows, String next) {}

    /**
     * A page of a history. Of one that was removed {@link Event.Removed} is left.
     *
     * @param first the number of the first of {@code entries}; the others follow it
     * @param broken why what follows cannot be trusted; empty if it can, or nothing does
     * @param more whether a page follows
     */
    record Entries(long first, List<Entry> entries, String broken, boolean more) {}

    record Due(String gid, Instant dueAt) {}

    /** What {@link #quarantine} has come to: it was not so before, it was, or it stays due. */
    enum Quarantining { BEGINS, LASTS, SPARED }

    /** One of {@code of} parts of all transactions, counted from 0; together they are all. */
    record Share(int of, int which) {

        public static final Share ALL = new Share(1, 0);
    }

    /**
     * @param count those that are not in quarantine
     * @param oldest when the oldest of these was opened; null if there is none
     * @param quarantined those that are
     * @param parked those of {@code count} that are parked
     * @param namespace whose they are
     */
    record Count(Mode mode, Status status, long count, Instant oldest, long quarantined,
            long parked, String namespace) {

        public Count(Mode mode, Status status, long count, Instant oldest, long quarantined,
                long parked) {
            this(mode, status, count, oldest, quarantined, parked, Context.DEFAULT_NAMESPACE);
        }

        public Count(Mode mode, Status status, long count, Instant oldest, long quarantined) {
            this(mode, status, count, oldest, quarantined, 0);
        }

        public Count(Mode mode, Status status, long count, Instant oldest) {
            this(mode, status, count, oldest, 0);
        }
    }
}

package transaction;

import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Port, offered: what happens to transactions, on whichever node, while it happens. */
public interface LiveEvents {

    /** The position before everything that is still kept. */
    String BEGINNING = "0";

    /**
     * Begins to read. Whatever happens on this node after the stage has completed is read.
     *
     * @param after the position to go on from, as it was told; empty for now
     * @return empty if there are too many readers already; does not block
     * @throws InvalidRequest (thrown) if {@code after} is no position
     */
    CompletionStage<Optional<Reader>> open(String after, Filter filter);

    /** Empty fields let everything pass. A status is that which the notice tells. */
    record Filter(Optional<String> gid, Optional<Mode> mode, Optional<Status> status) {

        public static final Filter ALL =
            new Filter(Optional.empty(), Optional.empty(), Optional.empty());

        public boolean lets(Notice notice) {
            Notice.Subject about = notice.subject();
            return (gid.isEmpty() || gid.get().equals(about.gid()))
                && (mode.isEmpty() || mode.get() == about.mode())
                && (status.isEmpty() || status.get() == about.status());
        }
    }

    /** One who reads. To be closed, in whatever state. */
    interface Reader {

        /**
         * What has happened since the last page, at least one thing; after some time without any
         * an empty page, as a sign of life. One call at a time.
         *
         * @return empty at the end
         */
        CompletionStage<Optional<Page>> next();

        /** Ends it; said twice it changes nothing. */
        void close();
    }

    /**
     * @param missed whether something before these was not kept long enough, or was lost with its
     *     node: what it was can be seen by query alone
     * @param told in the order in which it happened, as far as it is about one transaction
     * @param position after all of them
     * @param dropped whether the reader was too slow, so that this is its last page
     */
    record Page(boolean missed, List<Told> told, String position, boolean dropped) {

        public Page {
            told = List.copyOf(told);
        }
    }

    /** @param position to go on from after this one */
    record Told(String position, Notice notice) {}
}

package actors.feed;

import java.time.Instant;
import java.util.List;
import transaction.Bytes;
import transaction.Details;
import transaction.Event;
import transaction.GlobalTransaction;
import transaction.Mode;
import transaction.Options;
import transaction.Protocol;
import transaction.Status;
import transaction.Submission;

/** Transactions for feeds to tell of. */
final class Feeds {

    private Feeds() {}

    /** A saga that was submitted. */
    static GlobalTransaction transaction(String gid) {
        return new Event.Opened(new Submission(gid, Mode.SAGA,
                List.of(new Submission.Step("http://a/out", "http://a/undo", Bytes.EMPTY)), "",
                Protocol.HTTP, "", Details.PLAIN, Options.NONE), Status.SUBMITTED, Instant.EPOCH)
            .applyTo(GlobalTransaction.ABSENT);
    }
}

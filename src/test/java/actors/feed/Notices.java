package actors.feed;

import java.time.Instant;
import java.util.List;
import transaction.Backoff;
import transaction.BranchStatus;
import transaction.CallKey;
import transaction.Decision;
import transaction.Event;
import transaction.GlobalTransaction;
import transaction.Live;
import transaction.Reply;
import transaction.Status;

/** Decisions with one fact each, for each kind of notice that a fact makes. */
final class Notices {

    private Notices() {}

    static List<Decision> each(GlobalTransaction t, CallKey key, Instant at) {
        return List.of(
            of(t, new Event.Opened(t.submission(), Status.SUBMITTED, at)),
            of(t, new Event.OpSettled(key, BranchStatus.FAILED, "no funds", at)),
            of(t, new Event.RetryScheduled(key, Backoff.NONE, "down", at)),
            of(t, new Event.TurnedBack("no funds FAILURE", List.of("01"), at)),
            of(t, new Event.Ended(Status.FAILED, "", "", at)),
            of(t, new Event.ForceStopped(at)));
    }

    private static Decision of(GlobalTransaction t, Event event) {
        return new Decision(List.of(event), t, Live.NONE, List.of(), null, null, Reply.DONE, null,
            List.of());
    }
}

package testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import transaction.Bytes;
import transaction.Coordinator;
import transaction.Details;
import transaction.Mode;
import transaction.Options;
import transaction.Protocol;
import transaction.Reply;
import transaction.Submission;

/** A saga that is put together and submitted, for tests without a client of their own. */
public final class SagaDraft {

    private final Coordinator coordinator;
    private final Participant participant;
    private final List<Submission.Step> steps = new ArrayList<>();
    private int timeoutSeconds;
    private int retrySeconds;

    SagaDraft(Coordinator coordinator, Participant participant) {
        this.coordinator = coordinator;
        this.participant = participant;
    }

    /**
     * One more step.
     *
     * @param action a path of the scripted participant, or a whole url; empty for none
     * @param compensate the same for what undoes it
     */
    public SagaDraft step(String action, String compensate) {
        steps.add(new Submission.Step(url(action), url(compensate), Bytes.utf8("{}")));
        return this;
    }

    /** It turns back if it has not succeeded after so long. */
    public SagaDraft timeout(int seconds) {
        timeoutSeconds = seconds;
        return this;
    }

    /** The first wait between two tries of a branch; it doubles. */
    public SagaDraft retryInterval(int seconds) {
        retrySeconds = seconds;
        return this;
    }

    /**
     * Submits it, and does not wait for its end.
     *
     * @return its gid
     * @throws AssertionError if it was refused
     */
    public String submit() {
        String gid = coordinator.newGid();
        Options options =
            new Options(false, timeoutSeconds, 0, retrySeconds, 0, 0, Map.of(), false);
        Reply reply = Stages.await(coordinator.submit(new Submission(
            gid, Mode.SAGA, steps, "", Protocol.HTTP, "", Details.PLAIN, options)));
        if (!reply.equals(Reply.DONE)) {
            throw new AssertionError("the saga was answered " + reply);
        }
        return gid;
    }

    private String url(String place) {
        return place.startsWith("/") ? participant.url(place) : place;
    }
}

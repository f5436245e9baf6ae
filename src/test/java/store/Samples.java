package store;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import transaction.BranchStatus;
import transaction.Bytes;
import transaction.CallKey;
import transaction.Details;
import transaction.Entry;
import transaction.Event;
import transaction.GlobalTransaction;
import transaction.Mode;
import transaction.Op;
import transaction.Options;
import transaction.Protocol;
import transaction.Status;
import transaction.Submission;
import transaction.Summary;

/** Transactions as the store sees them, with entries that add up. */
final class Samples {

    static final Instant START = Instant.parse("2026-03-01T10:00:00.123456789Z");

    private Samples() {}

    static Submission saga(String gid) {
        return new Submission(gid, Mode.SAGA, List.of(
            new Submission.Step("http://a/out", "http://a/back", Bytes.utf8("{\"amount\":30}")),
            new Submission.Step("http://b/in", "http://b/undo", Bytes.utf8("{\"amount\":30}"))),
            "", Protocol.HTTP, "", Details.PLAIN,
            new Options(true, 0, 0, 0, 0, 0, Map.of(), false));
    }

    /** With a payload of that size. */
    static Submission large(String gid, int bytes) {
        int most = 1 << 20;
        List<Submission.Step> steps = new ArrayList<>();
        for (int left = bytes; left > 0; left -= most) {
            byte[] payload = new byte[Math.min(left, most)];
            new SplittableRandom(left).nextBytes(payload);
            steps.add(new Submission.Step("http://a/out", "", Bytes.of(payload)));
        }
        return new Submission(gid, Mode.SAGA, steps, "", Protocol.HTTP, "", Details.PLAIN,
            Options.NONE);
    }

    static Entry opened(String gid) {
        return opened(saga(gid), START);
    }

    static Entry opened(Submission submission, Instant at) {
        Event event = new Event.Opened(submission, Status.SUBMITTED, at);
        return entry(List.of(event), event.applyTo(GlobalTransaction.ABSENT), at);
    }

    /** The three entries of a saga of two steps that goes well. */
    static List<Entry> sagaThatSucceeds(String gid) {
        Instant later = START.plusMillis(5);
        Entry first = opened(gid);
        GlobalTransaction one = first.applyTo(GlobalTransaction.ABSENT);
        Event settled = new Event.OpSettled(
            new CallKey("01", Op.ACTION), BranchStatus.SUCCEED, "", later);
        GlobalTransaction two = settled.applyTo(one);
        List<Event> last = List.of(
            new Event.OpSettled(new CallKey("02", Op.ACTION), BranchStatus.SUCCEED, "", later),
            new Event.Ended(Status.SUCCEED, "", "", later));
        GlobalTransaction three = new Entry(last, null).applyTo(two);
        return List.of(first, entry(List.of(settled), two, later), entry(last, three, null));
    }

    static Entry entry(List<Event> events, GlobalTransaction after, Instant dueAt) {
        return new Entry(events, new Summary(after.submission(), after.status(), after.reason(),
            after.result(), after.openedAt(), after.updatedAt(), dueAt, Duration.ofSeconds(10),
            ""));
    }
}

package store;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import transaction.Attempt;
import transaction.Backoff;
import transaction.BranchStatus;
import transaction.CallKey;
import transaction.CallRecord;
import transaction.Entry;
import transaction.Event;
import transaction.GlobalTransaction;
import transaction.Outcome;
import transaction.Protocol;
import transaction.Status;

/** A saga whose calls come back one after the other, a second apart unless time stands. */
final class CalledSaga {

    private final Database database;
    private final String gid;
    private GlobalTransaction t = GlobalTransaction.ABSENT;
    Instant now = Samples.START;
    boolean stands;
    private int ordinal;
    int number;

    CalledSaga(Database database, String gid) {
        this.database = database;
        this.gid = gid;
        write(new Event.Opened(Samples.saga(gid), Status.SUBMITTED, now), null);
    }

    void fails(CallKey key, CallRecord seen) {
        write(new Event.RetryScheduled(key, Backoff.NONE, "no", tick()),
            attempt(key, Outcome.unknown("no").with(seen)));
    }

    void succeeds(CallKey key) {
        write(new Event.OpSettled(key, BranchStatus.SUCCEED, "", tick()), attempt(key,
            Outcome.SUCCESS.with(new CallRecord("200 OK", "", "", ""))));
    }

    void refuses(CallKey key) {
        write(new Event.OpSettled(key, BranchStatus.FAILED, "no", tick()), attempt(key,
            Outcome.failure("no").with(new CallRecord("409 Conflict", "", "", "no"))));
    }

    void notes(CallKey key, Outcome outcome) {
        new AttemptTable(database).note(t, attempt(key, outcome), tick());
    }

    Attempt attempt(CallKey key, Outcome outcome) {
        return new Attempt(
            key, "http://a/x", Protocol.HTTP, outcome, Duration.ofMillis(5), ++number);
    }

    Instant tick() {
        now = stands ? now : now.plusSeconds(1);
        return now;
    }

    /** When the call began that came back after so many seconds. */
    Instant began(int seconds) {
        return Micros.toInstant(
            Micros.of(Samples.START.plusSeconds(seconds).minusMillis(5)));
    }

    void write(Event event, Attempt attempt) {
        t = event.applyTo(t);
        Entry entry = Samples.entry(List.of(event), t, t.isFinal() ? null : now);
        Journals.append(database, gid, ++ordinal,
            new Entry(entry.events(), entry.summary(), attempt)).join();
    }
}

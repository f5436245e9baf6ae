package codec;

import java.time.Instant;
import java.util.List;
import transaction.Attempt;
import transaction.CallKey;
import transaction.Entry;
import transaction.Event;
import transaction.Status;

/** The entries of the journal with their events. All events share one set of numbers. */
public final class EventFields {

    /** When it happened; left out if that was with the entry. */
    private static final int AT = 2;

    /** Who did it: of each event that an operator, and no rule, brought about. */
    private static final int BY = 3;

    private static final int STATUS = 4;
    private static final int REASON = 5;
    private static final int RESULT = 6;
    private static final int KEY = 7;
    private static final int BACKOFF = 9;
    private static final int OPS = 10;
    private static final int SUBMISSION = 11;
    private static final int OPTIONS = 12;
    private static final int CUSTOM_DATA = 13;
    private static final int DETAILS = 14;
    private static final int ENABLED = 15;
    private static final int ATTRIBUTES = 16;
    private static final int UNTIL = 19;
    private static final int URL = 21;
    private static final int PAYLOAD = 22;
    private static final int CALL_OPTIONS = 24;

    /** Of an entry: the call that it follows from. */
    private static final int ATTEMPT = 3;

    private static final Cases<Event> EVENTS = new Cases<Event>("type of event")
        .with(Event.Opened.class, "opened",
            (to, opened) -> status(to, opened.status())
                .record(SUBMISSION, "submission", opened.submission(), SubmissionFields::write),
            from -> new Event.Opened(from.record(SUBMISSION, SubmissionFields::read),
                status(from), at(from)))
        .with(Event.Submitted.class, "submitted", EventFields::submitted,
            from -> new Event.Submitted(SubmissionFields.options(from, OPTIONS),
                from.text(CUSTOM_DATA), SubmissionFields.details(from, DETAILS),
                from.map(ATTRIBUTES), at(from)))
        .with(Event.BranchesJoined.class, "joined",
            (to, joined) -> StateFields.ops(to, OPS, joined.ops()),
            from -> new Event.BranchesJoined(StateFields.ops(from, OPS), at(from)))
        .with(Event.OpSettled.class, "settled",
            (to, settled) -> {
                StateFields.key(to, KEY, settled.key());
                to.text(STATUS, "status", settled.status().wire());
                reason(to, settled.reason());
            },
            from -> new Event.OpSettled(StateFields.key(from, KEY),
                StateFields.branchStatus(from, STATUS), from.text(REASON), at(from)))
        .with(Event.RetryScheduled.class, "retry",
            (to, retry) -> {
                StateFields.key(to, KEY, retry.key());
                to.record(BACKOFF, "backoff", retry.backoff(), StateFields::backoff);
                reason(to, retry.reason());
            },
            from -> new Event.RetryScheduled(StateFields.key(from, KEY),
                from.record(BACKOFF, StateFields::backoff), from.text(REASON), at(from)))
        .with(Event.Awaited.class, "awaited",
            (to, awaited) -> {
                StateFields.key(to, KEY, awaited.key());
                reason(to, awaited.reason()).instant(UNTIL, "until", awaited.until());
            },
            from -> new Event.Awaited(StateFields.key(from, KEY), from.instant(UNTIL),
                from.text(REASON), at(from)))
        .with(Event.Hurried.class, "hurried",
            (to, hurried) -> by(to, hurried.by()),
            from -> new Event.Hurried(from.text(BY), at(from)))
        .with(Event.Parked.class, "parked",
            (to, parked) -> {
                if (parked.key() != null) {
                    StateFields.key(to, KEY, parked.key());
                }
                reason(by(to, parked.by()), parked.reason());
            },
            from -> new Event.Parked(from.has(KEY) ? StateFields.key(from, KEY) : null,
                from.text(REASON), from.text(BY), at(from)))
        .with(Event.Unparked.class, "unparked",
            (to, unparked) -> by(to, unparked.by()),
            from -> new Event.Unparked(from.text(BY), at(from)))
        .with(Event.TurnedBack.class, "turnedBack",
            (to, back) -> reason(by(to, back.by()), back.reason())
                .texts(ENABLED, "enabled", back.enabled()),
            from -> new Event.TurnedBack(
                from.text(REASON), from.texts(ENABLED), from.text(BY), at(from)))
        .with(Event.Ended.class, "ended",
            (to, ended) -> reason(status(to, ended.status()), ended.reason())
                .text(RESULT, "result", ended.result()),
            from -> new Event.Ended(
                status(from), from.text(REASON), from.text(RESULT), at(from)))
        .with(Event.ForceStopped.class, "forceStopped",
            (to, stopped) -> reason(by(to, stopped.by()), stopped.reason()).text(STATUS, "status",
                stopped.status() == Status.FAILED ? "" : stopped.status().wire()),
            from -> new Event.ForceStopped(from.has(STATUS) ? status(from) : Status.FAILED,
                from.text(REASON), from.text(BY), at(from)))
        .with(Event.Paused.class, "paused",
            (to, paused) -> reason(by(to, paused.by()), paused.reason())
                .instant(UNTIL, "until", paused.until()),
            from -> new Event.Paused(
                from.instant(UNTIL), from.text(REASON), from.text(BY), at(from)))
        .with(Event.Unpaused.class, "resumed",
            (to, unpaused) -> by(to, unpaused.by()),
            from -> new Event.Unpaused(from.text(BY), at(from)))
        .with(Event.Skipped.class, "skipped",
            (to, skipped) -> {
                StateFields.key(to, KEY, skipped.key());
                reason(by(to, skipped.by()), skipped.reason());
            },
            from -> new Event.Skipped(StateFields.key(from, KEY), from.text(REASON),
                from.text(BY), at(from)))
        .with(Event.Resolved.class, "resolved",
            (to, resolved) -> {
                StateFields.key(to, KEY, resolved.key());
                reason(by(to, resolved.by()), resolved.reason())
                    .text(STATUS, "status", resolved.status().wire());
            },
            from -> new Event.Resolved(StateFields.key(from, KEY),
                StateFields.branchStatus(from, STATUS), from.text(REASON), from.text(BY),
                at(from)))
        .with(Event.Changed.class, "changed", EventFields::changed,
            from -> new Event.Changed(StateFields.key(from, KEY), from.text(URL),
                from.bytes(PAYLOAD), SubmissionFields.callOptions(from, CALL_OPTIONS),
                from.text(REASON), from.text(BY), at(from)))
        .with(Event.Removed.class, "removed",
            (to, removed) -> { }, from -> new Event.Removed(at(from)))
        .with(Event.Quarantined.class, "quarantined",
            (to, quarantined) -> reason(to, quarantined.reason()),
            from -> new Event.Quarantined(from.text(REASON), at(from)));

    private EventFields() {}

    /** An entry without its summary. */
    public static void write(FieldWriter to, Entry entry) {
        Instant at = entry.events().get(0).at();
        to.instant(1, "at", at).at(at).records(2, "events", entry.events(), EventFields::event)
            .record(ATTEMPT, "attempt", entry.attempt(),
                (inner, attempt) -> AttemptFields.inEntry(inner, attempt, settled(entry.events())));
    }

    public static Entry read(FieldReader from) {
        Instant at = from.instant(1);
        if (at == null) {
            throw new IllegalArgumentException("an entry without its time");
        }
        List<Event> events = from.at(at).records(2, EVENTS::read);
        if (events.isEmpty()) {
            throw new IllegalArgumentException("an entry without events");
        }
        return new Entry(events, null, attempt(from, settled(events)));
    }

    /** Nothing depends on it: if it cannot be understood, the entry goes on without. */
    private static Attempt attempt(FieldReader from, CallKey usual) {
        try {
            return from.record(ATTEMPT, inner -> AttemptFields.inEntry(inner, usual));
        } catch (RuntimeException broken) {
            return null;
        }
    }

    /** What most entries with an attempt are about; null for others. */
    private static CallKey settled(List<Event> events) {
        return events.get(0) instanceof Event.OpSettled first ? first.key() : null;
    }

    private static void event(FieldWriter to, Event event) {
        EVENTS.write(to, event);
        to.moment(AT, "at", event.at());
    }

    private static void submitted(FieldWriter to, Event.Submitted submitted) {
        to.text(CUSTOM_DATA, "customData", submitted.customData());
        SubmissionFields.details(to, DETAILS, submitted.details());
        SubmissionFields.options(to, OPTIONS, submitted.options());
        to.map(ATTRIBUTES, "attributes", submitted.attributes());
    }

    private static void changed(FieldWriter to, Event.Changed changed) {
        StateFields.key(to, KEY, changed.key());
        reason(by(to, changed.by()), changed.reason()).text(URL, "url", changed.url())
            .bytes(PAYLOAD, "payload", changed.payload());
        SubmissionFields.callOptions(to, CALL_OPTIONS, "callOptions", changed.options());
    }

    private static FieldWriter by(FieldWriter to, String caller) {
        return to.text(BY, "by", caller);
    }

    private static FieldWriter reason(FieldWriter to, String reason) {
        return to.text(REASON, "reason", reason);
    }

    private static FieldWriter status(FieldWriter to, Status status) {
        return to.text(STATUS, "status", status.wire());
    }

    private static Status status(FieldReader from) {
        return from.known(STATUS, "status", Status::of);
    }

    private static Instant at(FieldReader from) {
        return from.moment(AT);
    }
}

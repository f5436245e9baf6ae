package codec;

import java.time.Instant;
import transaction.Mode;
import transaction.Notice;
import transaction.Status;

/** Live events on their way to the node where somebody watches. */
public final class NoticeFields {

    private static final int GID = 2;
    private static final int MODE = 3;
    private static final int STATUS = 4;
    private static final int AT = 5;
    private static final int FROM = 6;
    private static final int REASON = 7;
    private static final int KEY = 8;
    private static final int VERDICT = 10;
    private static final int ATTEMPT = 11;
    private static final int NOT_BEFORE = 12;
    private static final int PUT_OFF = 13;
    private static final int PASS = 14;
    private static final int BY = 15;

    static final Cases<Notice> NOTICES = new Cases<Notice>("type of live event")
        .with(Notice.Created.class, "created",
            (to, created) -> { }, from -> new Notice.Created(subject(from), at(from)))
        .with(Notice.StatusChanged.class, "status",
            (to, changed) -> to.text(FROM, "from", changed.from().wire())
                .text(REASON, "reason", changed.reason()),
            from -> new Notice.StatusChanged(subject(from),
                from.known(FROM, "status", Status::of), from.text(REASON), at(from)))
        .with(Notice.BranchSettled.class, "settled",
            (to, settled) -> {
                StateFields.key(to, KEY, settled.key());
                to.text(VERDICT, "verdict", settled.verdict().wire())
                    .text(REASON, "reason", settled.reason());
            },
            from -> new Notice.BranchSettled(subject(from), StateFields.key(from, KEY),
                StateFields.branchStatus(from, VERDICT), from.text(REASON), at(from)))
        .with(Notice.Attempted.class, "attempted",
            (to, tried) -> to.record(ATTEMPT, "attempt", tried.attempt(), AttemptFields::live),
            from -> new Notice.Attempted(
                subject(from), from.record(ATTEMPT, AttemptFields::live), at(from)))
        .with(Notice.RetryScheduled.class, "retry",
            (to, retry) -> {
                StateFields.key(to, KEY, retry.key());
                to.instant(NOT_BEFORE, "notBefore", retry.notBefore())
                    .flag(PUT_OFF, "putOff", retry.putOff());
            },
            from -> new Notice.RetryScheduled(subject(from), StateFields.key(from, KEY),
                from.instant(NOT_BEFORE), from.flag(PUT_OFF), at(from)))
        .with(Notice.Parked.class, "parked",
            (to, parked) -> {
                if (parked.key() != null) {
                    StateFields.key(to, KEY, parked.key());
                }
                to.text(REASON, "reason", parked.reason());
            },
            from -> new Notice.Parked(subject(from),
                from.has(KEY) ? StateFields.key(from, KEY) : null, from.text(REASON), at(from)))
        .with(Notice.Paused.class, "paused",
            (to, paused) -> to.instant(NOT_BEFORE, "notBefore", paused.until())
                .text(REASON, "reason", paused.reason()).text(BY, "by", paused.by()),
            from -> new Notice.Paused(subject(from), from.instant(NOT_BEFORE),
                from.text(REASON), from.text(BY), at(from)))
        .with(Notice.Unpaused.class, "unpaused",
            (to, unpaused) -> to.text(BY, "by", unpaused.by()),
            from -> new Notice.Unpaused(subject(from), from.text(BY), at(from)))
        .with(Notice.Unparked.class, "unparked",
            (to, unparked) -> to.text(BY, "by", unparked.by()),
            from -> new Notice.Unparked(subject(from), from.text(BY), at(from)))
        .with(Notice.PassFinished.class, "pass",
            (to, pass) -> to.number(PASS, "number", pass.number()),
            from -> new Notice.PassFinished(subject(from), from.number(PASS), at(from)));

    private NoticeFields() {}

    public static void write(FieldWriter to, Notice notice) {
        Notice.Subject about = notice.subject();
        to.text(GID, "gid", about.gid()).text(MODE, "mode", about.mode().wire())
            .text(STATUS, "status", about.status().wire()).instant(AT, "at", notice.at());
        NOTICES.write(to, notice);
    }

    public static Notice read(FieldReader from) {
        return NOTICES.read(from);
    }

    private static Notice.Subject subject(FieldReader from) {
        return new Notice.Subject(from.text(GID), from.known(MODE, "mode", Mode::of),
            from.known(STATUS, "status", Status::of));
    }

    private static Instant at(FieldReader from) {
        return from.instant(AT);
    }
}

package http;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Locale;
import transaction.Attempt;
import transaction.Notice;
import transaction.NoticeVisitor;

/** What a live event of each kind says, besides whom it is about and when it happened. */
final class NoticeMembers implements NoticeVisitor<NoticeMembers.Named> {

    /** @param name of the kind */
    record Named(String name, HistoryFields.Members members) {}

    private final PayloadMask mask;

    NoticeMembers(PayloadMask mask) {
        this.mask = mask;
    }

    @Override
    public Named created(Notice.Created notice) {
        return new Named("created", out -> { });
    }

    @Override
    public Named statusChanged(Notice.StatusChanged notice) {
        return new Named("status", out -> {
            out.writeStringField("from", notice.from().wire());
            because(out, notice.reason());
        });
    }

    @Override
    public Named branchSettled(Notice.BranchSettled notice) {
        return new Named("branch", out -> {
            HistoryFields.branch(out, notice.key());
            out.writeStringField("branch_status", notice.verdict().wire());
            because(out, notice.reason());
        });
    }

    @Override
    public Named attempted(Notice.Attempted notice) {
        return new Named("attempt", out -> attempt(out, notice.attempt()));
    }

    @Override
    public Named retryScheduled(Notice.RetryScheduled notice) {
        return new Named("retry", out -> {
            HistoryFields.branch(out, notice.key());
            out.writeStringField("not_before", WireRecords.time(notice.notBefore()));
            if (notice.putOff()) {
                out.writeBooleanField("put_off", true);
            }
        });
    }

    @Override
    public Named parked(Notice.Parked notice) {
        return new Named("parked", out -> {
            if (notice.key() != null) {
                HistoryFields.branch(out, notice.key());
            }
            because(out, notice.reason());
        });
    }

    @Override
    public Named unparked(Notice.Unparked notice) {
        return new Named("unparked", out -> HistoryFields.by(out, notice.by()));
    }

    @Override
    public Named paused(Notice.Paused notice) {
        return new Named("paused", out -> {
            because(out, notice.reason());
            HistoryFields.by(out, notice.by());
            if (notice.until() != null) {
                out.writeStringField("until", WireRecords.time(notice.until()));
            }
        });
    }

    @Override
    public Named unpaused(Notice.Unpaused notice) {
        return new Named("resumed", out -> HistoryFields.by(out, notice.by()));
    }

    @Override
    public Named passFinished(Notice.PassFinished notice) {
        return new Named("pass", out -> out.writeNumberField("number", notice.number()));
    }

    private void attempt(JsonGenerator out, Attempt attempt) throws IOException {
        HistoryFields.branch(out, attempt.key());
        out.writeNumberField("attempt", attempt.number());
        out.writeStringField("url", mask.url(attempt.url()));
        out.writeStringField("protocol", attempt.protocol().wire());
        out.writeStringField("outcome",
            attempt.outcome().kind().name().toLowerCase(Locale.ROOT));
        because(out, attempt.outcome().reason());
        out.writeNumberField("duration_ms", attempt.took().toMillis());
    }

    private void because(JsonGenerator out, String reason) throws IOException {
        HistoryFields.said(out, "reason", mask.reason(reason));
    }
}

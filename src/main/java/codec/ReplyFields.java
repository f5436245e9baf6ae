package codec;

import java.util.function.Function;
import transaction.GlobalTransaction;
import transaction.Reply;

/** Replies on their way back. A kind that is not known says nothing about what happened. */
public final class ReplyFields {

    private static final int TRANSACTION = 2;
    private static final int SUMMARY = 3;
    private static final int REASON = 4;
    private static final int NODE = 5;

    static final Cases<Reply> REPLIES = new Cases<Reply>("reply")
        .with(Reply.Done.class, "done", (Reply.Done) Reply.DONE)
        .with(Reply.Written.class, "written", (Reply.Written) Reply.WRITTEN)
        .with(Reply.Pending.class, "pending", (Reply.Pending) Reply.PENDING)
        .with(Reply.UnknownRequest.class, "unknown-request",
            (Reply.UnknownRequest) Reply.UNKNOWN_REQUEST)
        .with(Reply.Found.class, "found",
            (to, found) -> to
                .record(TRANSACTION, "transaction", found.transaction(), StateFields::transaction)
                .record(SUMMARY, "summary", found.summary(), StateFields::summary)
                .text(NODE, "node", found.node()),
            ReplyFields::found)
        .with(Reply.Refused.class, "refused",
            (to, reply) -> reason(to, reply.reason()), saying(Reply.Refused::new))
        .with(Reply.Ongoing.class, "ongoing",
            (to, reply) -> reason(to, reply.reason()), saying(Reply.Ongoing::new))
        .with(Reply.Troubled.class, "troubled",
            (to, reply) -> reason(to, reply.reason()), saying(Reply.Troubled::new))
        .with(Reply.Missing.class, "missing",
            (to, reply) -> reason(to, reply.reason()), saying(Reply.Missing::new))
        .with(Reply.Forbidden.class, "forbidden",
            (to, reply) -> reason(to, reply.reason()), saying(Reply.Forbidden::new))
        .with(Reply.Invalid.class, "invalid",
            (to, reply) -> reason(to, reply.reason()), saying(Reply.Invalid::new))
        .with(Reply.Overloaded.class, "overloaded",
            (to, reply) -> reason(to, reply.reason()), saying(Reply.Overloaded::new))
        .with(Reply.Full.class, "full",
            (to, reply) -> reason(to, reply.reason()), saying(Reply.Full::new))
        .with(Reply.Unclear.class, "unclear",
            (to, reply) -> reason(to, reply.reason()), saying(Reply.Unclear::new));

    private static final Reply OF_A_LATER_RELEASE =
        new Reply.Unclear("the answer came in words of a later release");

    private ReplyFields() {}

    public static void write(FieldWriter to, Reply reply) {
        REPLIES.write(to, reply);
    }

    public static Reply read(FieldReader from) {
        return REPLIES.readOr(from, OF_A_LATER_RELEASE);
    }

    private static Reply.Found found(FieldReader from) {
        GlobalTransaction t = from.record(TRANSACTION, StateFields::transaction);
        return new Reply.Found(t, from.record(SUMMARY,
            each -> StateFields.summary(each, t.submission())), from.text(NODE));
    }

    private static void reason(FieldWriter to, String reason) {
        to.text(REASON, "reason", reason);
    }

    private static <R> Function<FieldReader, R> saying(Function<String, R> reply) {
        return from -> reply.apply(from.text(REASON));
    }
}

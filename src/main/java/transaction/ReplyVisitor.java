package transaction;

/**
 * Something for each kind of {@link Reply}. A new kind has a method here, so that the compiler
 * finds whoever has nothing for it.
 */
public interface ReplyVisitor<T> {

    T done(Reply.Done reply);

    T refused(Reply.Refused reply);

    T ongoing(Reply.Ongoing reply);

    T troubled(Reply.Troubled reply);

    T missing(Reply.Missing reply);

    T forbidden(Reply.Forbidden reply);

    T invalid(Reply.Invalid reply);

    T overloaded(Reply.Overloaded reply);

    T full(Reply.Full reply);

    T unclear(Reply.Unclear reply);

    /** Has an answer of its own wherever it is asked for. */
    default T found(Reply.Found reply) {
        return inside(reply);
    }

    default T written(Reply.Written reply) {
        return inside(reply);
    }

    default T pending(Reply.Pending reply) {
        return inside(reply);
    }

    default T unknownRequest(Reply.UnknownRequest reply) {
        return inside(reply);
    }

    /** No client is told this in answer to a command. */
    default T inside(Reply reply) {
        throw new IllegalStateException("not an answer to this request: " + reply.getClass());
    }
}

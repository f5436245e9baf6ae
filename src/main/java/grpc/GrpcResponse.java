package grpc;

import com.google.protobuf.Message;
import io.grpc.Status;
import transaction.Reply;
import transaction.ReplyVisitor;
import wire.VerdictWord;

/**
 * What goes back to a client, and the one table from a {@link Reply} to it (protocol section 2.2).
 * Only {@code ABORTED} is a verdict; there is no {@code INTERNAL}.
 *
 * @param status of the call; its text is not longer than a client takes
 * @param message null unless the status is OK
 */
record GrpcResponse<A extends Message>(Status status, A message) {

    /**
     * Bytes of a text as it travels, where each byte beyond plain ASCII is three: half of what
     * clients take for all trailers together, and too long a text costs them the status as well.
     */
    static final int TEXT_BYTES = 4_096;

    static <A extends Message> GrpcResponse<A> ok(A message) {
        return new GrpcResponse<>(Status.OK, message);
    }

    /**
     * The answer to a command; {@link Reply.Found} has one of its own.
     *
     * @param done what is sent if it was done
     */
    static <A extends Message> GrpcResponse<A> of(Reply reply, A done) {
        return reply.accept(new ByReply<>(done));
    }

    /** The client's mistake. */
    static <A extends Message> GrpcResponse<A> invalid(String reason) {
        return error(Status.INVALID_ARGUMENT, reason);
    }

    /** The client was too slow; nothing was done. */
    static <A extends Message> GrpcResponse<A> late(String reason) {
        return error(Status.DEADLINE_EXCEEDED, reason);
    }

    /** Not now; what was asked may or may not have happened, as {@code reason} says. */
    static <A extends Message> GrpcResponse<A> unavailable(String reason) {
        return error(Status.UNAVAILABLE, reason);
    }

    private static <A extends Message> GrpcResponse<A> error(Status status, String reason) {
        return new GrpcResponse<>(
            status.withDescription(fitting(VerdictWord.hidden(reason))), null);
    }

    /** {@code text}, cut if it would be too long on its way. */
    private static String fitting(String text) {
        int bytes = 0;
        for (int at = 0; at < text.length();) {
            int c = text.codePointAt(at);
            bytes += c >= ' ' && c < 0x7f && c != '%' ? 1
                : c < 0x80 ? 3 : c < 0x800 ? 6 : c < 0x10000 ? 9 : 12;
            if (bytes > TEXT_BYTES) {
                return text.substring(0, at);
            }
            at += Character.charCount(c);
        }
        return text;
    }

    /** The table. */
    private static final class ByReply<A extends Message>
            implements ReplyVisitor<GrpcResponse<A>> {

        private final A done;

        ByReply(A done) {
            this.done = done;
        }

        @Override
        public GrpcResponse<A> done(Reply.Done reply) {
            return ok(done);
        }

        @Override
        public GrpcResponse<A> refused(Reply.Refused reply) {
            String text = VerdictWord.atTheEnd(reply.reason());
            String cut = fitting(text);
            return new GrpcResponse<>(Status.ABORTED.withDescription(
                cut.equals(text) ? text : VerdictWord.atTheEnd(cut)), null);
        }

        @Override
        public GrpcResponse<A> ongoing(Reply.Ongoing reply) {
            return error(Status.FAILED_PRECONDITION, reply.reason());
        }

        @Override
        public GrpcResponse<A> troubled(Reply.Troubled reply) {
            return error(Status.UNKNOWN, reply.reason());
        }

        @Override
        public GrpcResponse<A> missing(Reply.Missing reply) {
            return error(Status.NOT_FOUND, reply.reason());
        }

        @Override
        public GrpcResponse<A> forbidden(Reply.Forbidden reply) {
            return error(Status.PERMISSION_DENIED, reply.reason());
        }

        @Override
        public GrpcResponse<A> invalid(Reply.Invalid reply) {
            return error(Status.INVALID_ARGUMENT, reply.reason());
        }

        @Override
        public GrpcResponse<A> overloaded(Reply.Overloaded reply) {
            return error(Status.RESOURCE_EXHAUSTED, reply.reason());
        }

        @Override
        public GrpcResponse<A> full(Reply.Full reply) {
            return unavailable(reply.reason());
        }

        @Override
        public GrpcResponse<A> unclear(Reply.Unclear reply) {
            return unavailable(reply.reason());
        }
    }
}

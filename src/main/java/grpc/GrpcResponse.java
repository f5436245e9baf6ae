package grpc;

import com.google.protobuf.Message;
import io.grpc.Status;
import transaction.Reply;
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
        if (reply instanceof Reply.Done) {
            return ok(done);
        }
        if (reply instanceof Reply.Refused refused) {
            String text = VerdictWord.atTheEnd(refused.reason());
            String cut = fitting(text);
            return new GrpcResponse<>(Status.ABORTED.withDescription(
                cut.equals(text) ? text : VerdictWord.atTheEnd(cut)), null);
        }
        if (reply instanceof Reply.Ongoing ongoing) {
            return error(Status.FAILED_PRECONDITION, ongoing.reason());
        }
        if (reply instanceof Reply.Troubled troubled) {
            return error(Status.UNKNOWN, troubled.reason());
        }
        if (reply instanceof Reply.Missing missing) {
            return error(Status.NOT_FOUND, missing.reason());
        }
        if (reply instanceof Reply.Forbidden forbidden) {
            return error(Status.PERMISSION_DENIED, forbidden.reason());
        }
        if (reply instanceof Reply.Invalid invalid) {
            return invalid(invalid.reason());
        }
        if (reply instanceof Reply.Overloaded overloaded) {
            return error(Status.RESOURCE_EXHAUSTED, overloaded.reason());
        }
        if (reply instanceof Reply.Full full) {
            return unavailable(full.reason());
        }
        if (reply instanceof Reply.Unclear unclear) {
            return unavailable(unclear.reason());
        }
        throw new IllegalStateException("not an answer to this request: " + reply.getClass());
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
}

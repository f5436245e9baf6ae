package http;

import org.apache.pekko.util.ByteString;

/**
 * Takes a chunked body apart, as strictly as RFC 9112 permits. Extensions and trailers are dropped.
 */
final class ChunkedBody {

    /** Enough for a chunk as long as the longest body. */
    private static final int SIZE_DIGITS = 8;

    private enum State { SIZE, BLANK, EXTENSION, SIZE_END, DATA, DATA_CR, DATA_END,
        TRAILER, TRAILER_LINE, TRAILER_END, LAST_END, FINISHED, BROKEN }

    private final int lineBytes;
    private State state = State.SIZE;
    private int digits;
    private long left;
    private int line;

    /** @param lineBytes of extensions or trailers, which nobody reads, between two chunks */
    ChunkedBody(int lineBytes) {
        this.lineBytes = lineBytes;
    }

    /** Whether the body has come to its end; what follows is another request. */
    boolean isFinished() {
        return state == State.FINISHED;
    }

    /** Whether this is no chunked body: nobody knows where it ends. */
    boolean isBroken() {
        return state == State.BROKEN;
    }

    /** Takes all that belongs to the body and returns what it carries, which may be nothing. */
    ByteString read(ReceivedBytes in) {
        int at = 0;
        int kept = 0;
        while (at < in.size() && state != State.FINISHED && state != State.BROKEN) {
            if (state == State.DATA) {
                int run = (int) Math.min(left, in.size() - at);
                in.move(at, kept, run);
                kept += run;
                at += run;
                left -= run;
                state = left == 0 ? State.DATA_CR : State.DATA;
            } else {
                state = next(in.at(at++));
            }
        }
        // What follows the body stays; what was between the data is dropped with it.
        ByteString data = kept == 0 ? ByteString.emptyByteString() : in.take(kept);
        in.skip(at - kept);
        return data;
    }

    private State next(byte b) {
        return switch (state) {
            case SIZE -> size(b);
            case BLANK -> afterSize(b);
            case EXTENSION -> b == '\r' ? State.SIZE_END : inLine(b, State.EXTENSION);
            case SIZE_END -> b != '\n' ? State.BROKEN : begin();
            case DATA_CR -> b == '\r' ? State.DATA_END : State.BROKEN;
            case DATA_END -> b == '\n' ? State.SIZE : State.BROKEN;
            // At the beginning of a line; an empty one is the last.
            case TRAILER -> b == '\r' ? State.LAST_END : inLine(b, State.TRAILER_LINE);
            case TRAILER_LINE -> b == '\r' ? State.TRAILER_END : inLine(b, State.TRAILER_LINE);
            case TRAILER_END -> b == '\n' ? State.TRAILER : State.BROKEN;
            case LAST_END -> b == '\n' ? State.FINISHED : State.BROKEN;
            case DATA, FINISHED, BROKEN -> throw new IllegalStateException("not a sign: " + state);
        };
    }

    private State size(byte b) {
        int digit = b < 0 ? -1 : Character.digit((char) b, 16);
        if (digit >= 0) {
            left = left * 16 + digit;
            return ++digits > SIZE_DIGITS ? State.BROKEN : State.SIZE;
        }
        return digits == 0 ? State.BROKEN : afterSize(b);
    }

    private static State afterSize(byte b) {
        return switch (b) {
            case ' ', '\t' -> State.BLANK; // Some clients pad the size.
            case ';' -> State.EXTENSION;
            case '\r' -> State.SIZE_END;
            default -> State.BROKEN;
        };
    }

    private State begin() {
        boolean isLast = left == 0;
        digits = 0;
        line = 0;
        return isLast ? State.TRAILER : State.DATA;
    }

    private State inLine(byte b, State then) {
        boolean isText = b < 0 || b >= ' ' && b != 0x7f || b == '\t';
        return isText && ++line <= lineBytes ? then : State.BROKEN;
    }
}

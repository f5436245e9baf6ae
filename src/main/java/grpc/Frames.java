package grpc;

import io.netty.buffer.ByteBuf;

/**
 * Looks at the frames of one connection as they come in: how much of what has come is not whole
 * yet, and whether there are too many that carry nothing. Each costs the server work: settings
 * are answered and concern all calls, pings are answered, pieces of data are kept one by one. Not
 * for several threads.
 */
final class Frames {

    /** Frames that carry nothing, in advance: more than a client needs while it makes no call. */
    static final int CREDIT = 10_000;

    /** More for each call that ends: its head, its windows, pings that measure the way. */
    private static final int CREDIT_PER_CALL = 64;

    /** Each setting may be looked at for all calls of the connection: so many cost a frame more. */
    private static final int CALLS_PER_FRAME = 16;

    /** Data in pieces as small as this carries next to nothing. */
    private static final int SMALL = 256;

    /** {@code PRI * HTTP/2.0} and so on: what comes before the first frame. */
    private static final int PREFACE_BYTES = 24;

    private static final int HEADER_BYTES = 9;

    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int SETTINGS = 4;
    private static final int CONTINUATION = 9;
    private static final int END_STREAM = 0x1;
    private static final int END_HEADERS = 0x4;

    private int credit = CREDIT;
    private int headerRead;
    private int length;
    private int type;
    private int flags;

    /** Bytes left of the frame that is being read; they are not looked at. */
    private int left = PREFACE_BYTES;

    /** Bytes of a call's head that goes on in the next frame. */
    private int head;

    /** A call has ended: the client does its work. */
    void callEnded() {
        credit = Math.min(CREDIT, credit + CREDIT_PER_CALL);
    }

    /** Bytes that have come of a frame, or of a call's head, that is not whole. */
    int unfinished() {
        return head + (left > 0 ? HEADER_BYTES + length - left : headerRead);
    }

    /**
     * Takes note of bytes as they come in.
     *
     * @param calls that are open on the connection
     * @return false if there have been too many frames
     */
    boolean isFine(ByteBuf bytes, int calls) {
        int at = bytes.readerIndex();
        while (at < bytes.writerIndex()) {
            if (left > 0) {
                int skipped = Math.min(left, bytes.writerIndex() - at);
                left -= skipped;
                at += skipped;
            } else {
                read(bytes.getUnsignedByte(at));
                at++;
            }
        }
        return weighed(calls);
    }

    private boolean weighed(int calls) {
        credit -= settings * (calls / CALLS_PER_FRAME);
        settings = 0;
        return credit >= 0;
    }

    private int settings;

    private void read(int next) {
        if (headerRead == 0) {
            length = 0;
        }
        if (headerRead < 3) {
            length = length << 8 | next;
        } else if (headerRead == 3) {
            type = next;
        } else if (headerRead == 4) {
            flags = next;
        }
        headerRead++;
        if (headerRead == HEADER_BYTES) {
            headerRead = 0;
            left = length;
            begun();
        }
    }

    private void begun() {
        boolean carries = type == DATA && (length >= SMALL || (flags & END_STREAM) != 0);
        if (!carries) {
            credit--;
        }
        if (type == SETTINGS) {
            settings++;
        }
        if (type == HEADERS || type == CONTINUATION) {
            head = (flags & END_HEADERS) != 0 ? 0 : head + length;
        }
    }
}

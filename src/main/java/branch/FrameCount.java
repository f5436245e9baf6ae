package branch;

import io.netty.buffer.ByteBuf;

/**
 * Counts the frames of HTTP/2 that come in while no call ends, so that a participant which sends
 * frames without end (pings, settings, empty data, headers of nobody) is cut off instead of
 * keeping a thread busy. Not for several threads.
 */
final class FrameCount {

    private static final int HEADER_BYTES = 9;

    /** So many bytes of a frame weigh as much as another frame. */
    private static final int WEIGHT_BYTES = 4_096;

    /** So much does a frame weigh that carries nothing of an answer: settings, pings and such. */
    private static final int CONTROL_WEIGHT = 8;

    private static final int DATA = 0;
    private static final int HEADERS = 1;
    private static final int CONTINUATION = 9;

    private final long most;
    private long count;
    private int headerRead;
    private int length;
    private int type;

    /** Bytes left of the frame that is being read; they are not looked at. */
    private int left;

    FrameCount(long most) {
        this.most = most;
    }

    /** A call has ended: the other side does its work. */
    void reset() {
        count = 0;
    }

    /** Takes note of bytes as they come in; false if there have been too many frames. */
    boolean isFine(ByteBuf bytes) {
        int at = bytes.readerIndex();
        while (at < bytes.writerIndex()) {
            if (left > 0) {
                int skipped = Math.min(left, bytes.writerIndex() - at);
                left -= skipped;
                at += skipped;
                continue;
            }
            if (headerRead < 3) {
                length = length << 8 | bytes.getUnsignedByte(at);
            } else if (headerRead == 3) {
                type = bytes.getUnsignedByte(at);
            }
            at++;
            headerRead++;
            if (headerRead == HEADER_BYTES) {
                boolean answers = type == DATA || type == HEADERS || type == CONTINUATION;
                count += (answers ? 1 : CONTROL_WEIGHT) + length / WEIGHT_BYTES;
                left = length;
                headerRead = 0;
                length = 0;
            }
        }
        return count <= most;
    }
}

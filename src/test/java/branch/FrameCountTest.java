package branch;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;

/** Frames are counted wherever the reads happen to cut them. */
final class FrameCountTest {

    private static final int PING = 6;

    @Test
    void framesOfAnAnswerCountByTheirNumberAndLength() {
        FrameCount count = new FrameCount(10);

        assertTrue(feed(count, frame(0, 4_095), 9));
        assertTrue(feed(count, frame(1, 0), 1));
        assertFalse(feed(count, frame(9, 0), 1));
    }

    @Test
    void aFrameThatCarriesNothingWeighsMore() {
        FrameCount count = new FrameCount(16);

        assertTrue(feed(count, frame(PING, 8), 2));
        assertFalse(feed(count, frame(PING, 8), 1));
    }

    @Test
    void longFramesWeighMoreThanShortOnes() {
        assertTrue(feed(new FrameCount(5), frame(0, 16_384), 1));
        assertFalse(feed(new FrameCount(4), frame(0, 16_384), 1));
    }

    @Test
    void anEndedCallBeginsAnew() {
        FrameCount count = new FrameCount(8);
        for (int i = 0; i < 100; i++) {
            assertTrue(feed(count, frame(PING, 8), 1));
            count.reset();
        }
    }

    @Test
    void itDoesNotMatterHowTheBytesComeIn() {
        byte[] all = new byte[0];
        for (int i = 0; i < 4; i++) {
            all = BadGrpcParticipant.concat(all, frame(i % 2 == 0 ? 0 : PING, i * 7));
        }
        for (int step = 1; step < all.length; step++) {
            assertTrue(inSteps(new FrameCount(18), all, step), "steps of " + step);
            assertFalse(inSteps(new FrameCount(17), all, step), "steps of " + step);
        }
    }

    private static boolean inSteps(FrameCount count, byte[] all, int step) {
        boolean fine = true;
        for (int at = 0; at < all.length; at += step) {
            fine = count.isFine(Unpooled.wrappedBuffer(all, at, Math.min(step, all.length - at)));
        }
        return fine;
    }

    private static boolean feed(FrameCount count, byte[] frame, int times) {
        boolean fine = true;
        for (int i = 0; i < times; i++) {
            fine = count.isFine(Unpooled.wrappedBuffer(frame));
        }
        return fine;
    }

    private static byte[] frame(int type, int length) {
        return BadGrpcParticipant.frame(type, 0, 1, new byte[length]);
    }
}

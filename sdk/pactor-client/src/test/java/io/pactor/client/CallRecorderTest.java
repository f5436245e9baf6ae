package io.pactor.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;

class CallRecorderTest {

    private static final Call CALL = Call.get("http://a/1");

    @Test
    void theCallOfALambdaIsRecorded() {
        assertFalse(CallRecorder.isRecording());
        assertSame(CALL, CallRecorder.callOf(() -> {
            assertTrue(CallRecorder.isRecording());
            CallRecorder.record(CALL);
        }));
        assertFalse(CallRecorder.isRecording());
    }

    @Test
    void aSecondCallIsRefused() {
        String message = assertThrows(IllegalStateException.class, () -> CallRecorder.callOf(() -> {
            CallRecorder.record(CALL);
            CallRecorder.record(Call.get("http://a/2"));
        })).getMessage();

        assertTrue(message.contains("GET http://a/1, then GET http://a/2"), message);
        assertFalse(CallRecorder.isRecording());
    }

    @Test
    void aLambdaWithoutARecordedCallIsRefused() {
        assertThrows(IllegalArgumentException.class, () -> CallRecorder.callOf(() -> {}));
    }

    @Test
    void nothingIsRecordedOutsideAStep() {
        assertThrows(IllegalStateException.class, () -> CallRecorder.record(CALL));
    }

    @Test
    void whatTheLambdaThrowsPassesThrough() {
        UnsupportedOperationException refused = new UnsupportedOperationException("multipart");
        assertSame(refused, assertThrows(UnsupportedOperationException.class,
            () -> CallRecorder.callOf(() -> {
                throw refused;
            })));
        IOException checked = new IOException("broken");
        assertEquals(checked, assertThrows(IllegalArgumentException.class,
            () -> CallRecorder.callOf(() -> {
                throw checked;
            })).getCause());
        assertFalse(CallRecorder.isRecording());
    }

    @Test
    void aThreadOfTheLambdaDoesNotTakePart() throws InterruptedException {
        boolean[] seen = {true};
        CallRecorder.callOf(() -> {
            Thread other = new Thread(() -> seen[0] = CallRecorder.isRecording());
            other.start();
            other.join();
            CallRecorder.record(CALL);
        });
        assertFalse(seen[0]);
    }
}

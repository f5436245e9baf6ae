package io.pactor.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Flow;
import org.junit.jupiter.api.Test;

class BoundedTextTest {

    private static final class Source implements Flow.Subscription {
        private boolean isCancelled;

        @Override
        public void request(long count) {}

        @Override
        public void cancel() {
            isCancelled = true;
        }
    }

    private final Source source = new Source();
    private final BoundedText text = new BoundedText(4);

    private void receive(String... chunks) {
        text.onSubscribe(source);
        for (String chunk : chunks) {
            text.onNext(List.of(ByteBuffer.wrap(chunk.getBytes(StandardCharsets.UTF_8))));
        }
        text.onComplete();
    }

    @Test
    void anAnswerAsLongAsTheBoundIsRead() {
        receive("ä", "bc");
        assertEquals("äbc", text.getBody().toCompletableFuture().join());
    }

    @Test
    void aLongerOneIsNoAnswer() {
        receive("äb", "cd");
        assertTrue(source.isCancelled);
        assertEquals(IOException.class, assertThrows(CompletionException.class,
            () -> text.getBody().toCompletableFuture().join()).getCause().getClass());
    }
}

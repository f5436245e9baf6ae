package io.pactor.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A token in a file: sent along, replaced, gone for a moment. */
class TokenFileTest {

    private static final long SECOND = Duration.ofSeconds(1).toNanos();

    @TempDir
    private Path dir;

    private final AtomicLong now = new AtomicLong();
    private Path file;

    @BeforeEach
    void write() throws IOException {
        file = Files.writeString(dir.resolve("token"), "  pactor_one\n");
    }

    @Test
    void everyRequestCarriesIt() {
        try (FakeCoordinator coordinator = new FakeCoordinator();
                Pactor pactor =
                    Pactor.builder().urls(coordinator.url()).tokenFile(file).build()) {
            pactor.query("g");
            assertEquals("Bearer pactor_one",
                coordinator.received().get(0).header("Authorization"));
        }
    }

    @Test
    void aNewOneCountsWithinASecond() throws IOException {
        TokenFile token = TokenFile.read(file, now::get);
        Files.writeString(file, "pactor_two");
        now.set(SECOND - 1);
        assertEquals("Bearer pactor_one", token.get());
        now.set(SECOND);
        assertEquals("Bearer pactor_two", token.get());
    }

    @Test
    void whileItCannotBeReadItIsAsItWas() throws IOException {
        TokenFile token = TokenFile.read(file, now::get);
        Files.delete(file);
        now.addAndGet(SECOND);
        assertEquals("Bearer pactor_one", token.get());
        Files.writeString(file, "");
        now.addAndGet(SECOND);
        assertEquals("Bearer pactor_one", token.get());
        Files.writeString(file, "pactor_two");
        now.addAndGet(SECOND);
        assertEquals("Bearer pactor_two", token.get());
    }

    @Test
    void withoutATokenThereIsNoClient() throws IOException {
        Pactor.Builder builder = Pactor.builder().urls("http://127.0.0.1:1");
        assertThrows(IllegalStateException.class, () -> builder.tokenFile(dir.resolve("none")));
        for (String text : new String[] {"", "two words", "tok\u00e9n", "two\nlines",
            "x".repeat(TokenFile.BYTES_MAX + 1)}) {
            Files.writeString(file, text);
            var refused =
                assertThrows(IllegalStateException.class, () -> builder.tokenFile(file));
            assertTrue(refused.getMessage().contains(file.toString()));
            assertFalse(text.length() > 2 && refused.getMessage().contains(text));
        }
        String longest = "x".repeat(TokenFile.BYTES_MAX);
        assertEquals("Bearer " + longest,
            TokenFile.read(Files.writeString(file, longest)).get());
    }
}

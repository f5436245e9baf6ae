package pactor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import health.Guard;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An Error on a thread of a library is heard, whether the library logs it or lets it go. */
class FatalErrorsTest {

    private static final Logger LIBRARY = LoggerFactory.getLogger("some.library");

    private final Guard guard = Guard.passive();
    private FatalErrors errors;

    @BeforeEach
    void listen() {
        errors = FatalErrors.tell(guard);
    }

    @Test
    void nobodyListensIsFound() throws Exception {
        stop();
        LIBRARY.warn("it went wrong", new OutOfMemoryError("full"));
        assertEquals(Optional.empty(), guard.trouble(), "it is the filter that hears it");
    }

    @AfterEach
    void stop() {
        errors.close();
    }

    @Test
    void aThreadThatDiesOfOne() throws Exception {
        Thread thread = new Thread(() -> {
            throw new OutOfMemoryError("as told");
        }, "library-1");
        thread.start();
        thread.join();
        assertEquals(
            "the thread library-1 has failed: java.lang.OutOfMemoryError: as told", told());
    }

    @Test
    void aThreadThatDiesOfAnExceptionIsLoggedAndNoMore() throws Exception {
        Thread thread = new Thread(() -> {
            throw new IllegalStateException("as told");
        }, "library-1");
        thread.start();
        thread.join();
        assertEquals(Optional.empty(), guard.trouble());
    }

    @Test
    void oneThatIsOnlyLogged() throws Exception {
        LIBRARY.warn("it went wrong", new CompletionException(new OutOfMemoryError("full")));
        assertTrue(told().endsWith("has failed: java.lang.OutOfMemoryError: full"), told());
    }

    @Test
    void oneThatIsLoggedAtALevelThatNobodyHears() throws Exception {
        LIBRARY.trace("{} went wrong", "something", new OutOfMemoryError("full"));
        assertTrue(told().endsWith("has failed: java.lang.OutOfMemoryError: full"), told());
    }

    @Test
    void aClassThatIsLookedForInVainIsNone() {
        LIBRARY.debug("no native transport", new NoClassDefFoundError("native/Epoll"));
        LIBRARY.warn("too deep", new StackOverflowError());
        assertEquals(Optional.empty(), guard.trouble());
    }

    @Test
    void aClassThatCannotBeLoadedWhileItWorks() throws Exception {
        LIBRARY.error("task failed", new NoClassDefFoundError("some/Missing"));
        assertTrue(told().endsWith("NoClassDefFoundError: some/Missing"), told());
    }

    @Test
    void oneInATaskOfAnEventLoopThatGoesOn() throws Exception {
        var loops = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try {
            loops.execute(() -> {
                throw new OutOfMemoryError("in the loop");
            });
            assertTrue(told().endsWith("OutOfMemoryError: in the loop"), told());
        } finally {
            loops.shutdownGracefully(0, 1, TimeUnit.SECONDS);
        }
    }

    private String told() throws Exception {
        return guard.failed().toCompletableFuture().get(10, TimeUnit.SECONDS).getMessage();
    }
}

package pactor;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was opened so far, to be closed in the opposite order: all of it when a start is refused
 * half-way, and at the end. Closing twice changes nothing.
 */
final class Opened implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Opened.class);

    private final Deque<Runnable> closers = new ArrayDeque<>();

    /** Takes note of how to close {@code what}, and hands it back. */
    synchronized <T> T add(T what, Consumer<T> close) {
        closers.push(() -> close.accept(what));
        return what;
    }

    /** Whatever cannot be closed does not keep the rest open. */
    @Override
    public synchronized void close() {
        while (!closers.isEmpty()) {
            try {
                closers.pop().run();
            } catch (RuntimeException failed) {
                LOG.debug("something could not be closed", failed);
            }
        }
    }
}

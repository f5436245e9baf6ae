package attack;

import java.util.ArrayDeque;
import java.util.Deque;

/** Connections that are kept open, so many at most: the oldest makes room. */
final class Held implements AutoCloseable {

    private final int most;
    private final Deque<AutoCloseable> open = new ArrayDeque<>();
    private boolean over;

    Held(int most) {
        this.most = most;
    }

    /** Keeps it; closes it at once if {@link #close} has been called. */
    synchronized <T extends AutoCloseable> T keep(T connection) {
        open.add(connection);
        if (open.size() > most || over) {
            closeQuietly(open.remove());
        }
        return connection;
    }

    private static void closeQuietly(AutoCloseable connection) {
        try {
            connection.close();
        } catch (Exception ignored) {
            // It is gone either way.
        }
    }

    @Override
    public synchronized void close() {
        over = true;
        open.forEach(Held::closeQuietly);
        open.clear();
    }
}

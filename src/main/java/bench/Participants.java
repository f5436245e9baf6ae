package bench;

/**
 * The participants of the tool's transactions: they do no work, note who was called, and answer at
 * once. One thread of their own.
 */
interface Participants extends AutoCloseable {

    /** Where they listen. */
    int port();

    /** Hangs up and ends their thread. Blocks for at most a few seconds; does not throw. */
    @Override
    void close();
}

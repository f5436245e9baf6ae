package database;

import java.io.DataInputStream;
import java.io.IOException;

/**
 * What a proxy has to understand of what a client and its database say on one connection: where a
 * message ends, and which of them has the database commit. Each direction is for one thread.
 */
interface Messages {

    /** Longer ones nobody sends; it would be a mistake in reading. */
    int LENGTH_MAX = 64 << 20;

    /**
     * A message as it came.
     *
     * @param commits from a client: it has the database commit; from a database: a commit was
     *     carried out, or refused
     * @param ends from a client: now it waits for an answer
     */
    record Message(byte[] bytes, boolean commits, boolean ends) {}

    /** The next from the client. Blocks. */
    Message fromClient(DataInputStream in) throws IOException;

    /** The next from the database. Blocks. */
    Message fromServer(DataInputStream in) throws IOException;

    /** Those of a new connection to {@code server}. */
    static Messages of(DatabaseServer server) {
        return server instanceof PostgresServer ? new PostgresMessages() : new MariadbMessages();
    }

    /** {@code length} bytes behind those of {@code head}. */
    static byte[] read(DataInputStream in, byte[] head, int length) throws IOException {
        if (length < 0 || length > LENGTH_MAX) {
            throw new IOException("no message has " + length + " bytes");
        }
        byte[] all = java.util.Arrays.copyOf(head, head.length + length);
        in.readFully(all, head.length, length);
        return all;
    }
}

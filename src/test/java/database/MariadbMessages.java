package database;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * MariaDB's and MySQL's: "Client/Server Protocol" of MariaDB's documentation. A packet is three
 * bytes of length, the lowest first, one byte that counts the packets of a conversation, and its
 * content; what a client begins with is a command, of which the first byte tells the kind. The
 * commit is the text {@code COMMIT}, and the driver waits for its answer before it goes on.
 */
final class MariadbMessages implements Messages {

    private static final int QUERY = 3;
    private static final int HEAD = 4;

    private volatile boolean isCommitting;

    @Override
    public Message fromClient(DataInputStream in) throws IOException {
        byte[] all = packet(in);
        boolean commits = all[3] == 0 && all.length > HEAD && all[HEAD] == QUERY
            && new String(all, HEAD + 1, all.length - HEAD - 1, StandardCharsets.ISO_8859_1)
                .equalsIgnoreCase("COMMIT");
        isCommitting |= commits;
        return new Message(all, commits, true);
    }

    @Override
    public Message fromServer(DataInputStream in) throws IOException {
        byte[] all = packet(in);
        boolean done = isCommitting;
        isCommitting = false;
        return new Message(all, done, false);
    }

    private static byte[] packet(DataInputStream in) throws IOException {
        byte[] head = new byte[HEAD];
        in.readFully(head);
        return Messages.read(in, head,
            head[0] & 0xff | (head[1] & 0xff) << 8 | (head[2] & 0xff) << 16);
    }
}

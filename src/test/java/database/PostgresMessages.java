package database;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** PostgreSQL's: chapter "Frontend/Backend Protocol" of its manual. */
final class PostgresMessages implements Messages {

    private static final int SSL_REQUEST = 80_877_103;
    private static final int GSS_REQUEST = 80_877_104;
    private static final String COMMIT = "COMMIT";

    private final Map<String, Boolean> isCommit = new HashMap<>();
    private final AtomicInteger singleBytes = new AtomicInteger();
    private volatile boolean isCommitting;
    private boolean hasBegun;

    @Override
    public Message fromClient(DataInputStream in) throws IOException {
        if (!hasBegun) {
            return new Message(beginning(in), false, true);
        }
        byte[] all = typed(in, in.readByte());
        boolean commits = commits(all);
        isCommitting |= commits;
        return new Message(all, commits, all[0] == 'S' || all[0] == 'Q');
    }

    @Override
    public Message fromServer(DataInputStream in) throws IOException {
        byte type = in.readByte();
        if (singleBytes.get() > 0) {
            // Whether it is willing to encrypt: no message, and no length.
            singleBytes.decrementAndGet();
            return new Message(new byte[] {type}, false, false);
        }
        byte[] all = typed(in, type);
        boolean done = isCommitting && type == 'C' && text(all, 5).equals(COMMIT);
        if (done) {
            isCommitting = false;
        }
        return new Message(all, done, false);
    }

    /** What comes before messages have types. */
    private byte[] beginning(DataInputStream in) throws IOException {
        byte[] length = ByteBuffer.allocate(4).putInt(in.readInt()).array();
        byte[] all = Messages.read(in, length, ByteBuffer.wrap(length).getInt() - 4);
        int code = ByteBuffer.wrap(all).getInt(4);
        if (code == SSL_REQUEST || code == GSS_REQUEST) {
            singleBytes.incrementAndGet();
        } else {
            hasBegun = true;
        }
        return all;
    }

    private static byte[] typed(DataInputStream in, byte type) throws IOException {
        int length = in.readInt();
        byte[] head = ByteBuffer.allocate(5).put(type).putInt(length).array();
        return Messages.read(in, head, length - 4);
    }

    /** A statement of its own, or the use of one that was prepared. */
    private boolean commits(byte[] all) {
        if (all[0] == 'P') {
            String name = text(all, 5);
            isCommit.put(name, text(all, 6 + name.length()).equalsIgnoreCase(COMMIT));
        }
        if (all[0] == 'B') {
            String portal = text(all, 5);
            return isCommit.getOrDefault(text(all, 6 + portal.length()), false);
        }
        return all[0] == 'Q' && text(all, 5).equalsIgnoreCase(COMMIT);
    }

    private static String text(byte[] all, int from) {
        int end = from;
        while (end < all.length && all[end] != 0) {
            end++;
        }
        return new String(all, from, end - from, StandardCharsets.ISO_8859_1);
    }
}

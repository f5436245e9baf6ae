package bench;

import io.grpc.Drainable;
import io.grpc.KnownLength;
import io.grpc.MethodDescriptor;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** Messages as bytes. What is received is not looked at: nothing depends on it here. */
final class RawBytes implements MethodDescriptor.Marshaller<byte[]> {

    /** What {@code google.protobuf.Empty} is on the wire. */
    static final byte[] EMPTY = {};

    @Override
    public InputStream stream(byte[] message) {
        return new Sent(message);
    }

    @Override
    public byte[] parse(InputStream message) {
        return EMPTY;
    }

    /** Copied at once to where it is sent from. */
    private static final class Sent extends ByteArrayInputStream implements Drainable, KnownLength {

        Sent(byte[] message) {
            super(message);
        }

        @Override
        public int drainTo(OutputStream target) throws IOException {
            int bytes = available();
            transferTo(target);
            return bytes;
        }
    }
}

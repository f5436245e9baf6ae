package grpc;

import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import java.io.InputStream;

/**
 * A message as it came, or why it cannot be read. What a client got wrong is no trouble of the
 * server's: a reader that throws would be answered as an internal error, and logged.
 *
 * @param message null if it cannot be read
 * @param problem empty if it can
 */
record Received<Q extends Message>(Q message, String problem) {

    /** Reads messages of one type. Never throws. */
    static final class Reader<Q extends Message>
            implements MethodDescriptor.Marshaller<Received<Q>> {

        private final Q empty;

        Reader(Q empty) {
            this.empty = empty;
        }

        @Override
        @SuppressWarnings("unchecked") // A type's parser yields that type.
        public Received<Q> parse(InputStream bytes) {
            try {
                return new Received<>((Q) empty.getParserForType().parseFrom(bytes), "");
            } catch (InvalidProtocolBufferException | StatusRuntimeException broken) {
                return new Received<>(null, "not a message of this method: "
                    + broken.getMessage());
            }
        }

        /** For the other side, which is not here. */
        @Override
        public InputStream stream(Received<Q> received) {
            throw new UnsupportedOperationException("a server sends no requests");
        }
    }
}

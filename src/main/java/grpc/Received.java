package grpc;

import com.google.protobuf.DiscardUnknownFieldsParser;
import com.google.protobuf.Message;
import com.google.protobuf.Parser;
import io.grpc.MethodDescriptor;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.io.InputStream;
import transaction.Limits;

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
        private final Parser<Q> parser;

        @SuppressWarnings("unchecked") // A type's parser yields that type.
        Reader(Q empty) {
            this.empty = empty;
            // What newer clients add is skipped; kept, it would be larger than what is known.
            parser = DiscardUnknownFieldsParser.wrap((Parser<Q>) empty.getParserForType());
        }

        @Override
        public Received<Q> parse(InputStream stream) {
            try {
                byte[] bytes = stream.readAllBytes();
                if (FieldCount.isBeyond(
                        Limits.MESSAGE_FIELDS, bytes, empty.getDescriptorForType())) {
                    return new Received<>(null, "a message may have "
                        + Limits.MESSAGE_FIELDS + " fields at most");
                }
                return new Received<>(parser.parseFrom(bytes), "");
            } catch (IOException | StatusRuntimeException broken) {
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

package grpc;

import com.google.protobuf.CodedInputStream;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.WireFormat;
import java.io.IOException;

/**
 * Counts the fields of a message before it is read. Each becomes an object or several, so a message
 * of 4 MiB that is nothing but fields would be some hundred MiB in memory.
 */
final class FieldCount {

    private final int most;
    private int count;

    private FieldCount(int most) {
        this.most = most;
    }

    /**
     * Whether a message has more fields than that, those of messages inside counted as well.
     *
     * @throws IOException if it is none
     */
    static boolean isBeyond(int most, byte[] message, Descriptor type) throws IOException {
        FieldCount counted = new FieldCount(most);
        counted.read(CodedInputStream.newInstance(message), type);
        return counted.count > most;
    }

    private void read(CodedInputStream in, Descriptor type) throws IOException {
        int tag = in.readTag();
        while (tag != 0 && ++count <= most) {
            FieldDescriptor field = type.findFieldByNumber(WireFormat.getTagFieldNumber(tag));
            boolean isMessage = field != null
                && field.getJavaType() == FieldDescriptor.JavaType.MESSAGE
                && WireFormat.getTagWireType(tag) == WireFormat.WIRETYPE_LENGTH_DELIMITED;
            if (isMessage) {
                int end = in.pushLimit(in.readRawVarint32());
                read(in, field.getMessageType());
                if (count > most) {
                    return;
                }
                in.popLimit(end);
            } else {
                in.skipField(tag);
            }
            tag = in.readTag();
        }
    }
}

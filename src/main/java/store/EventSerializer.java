package store;

import org.apache.pekko.serialization.SerializerWithStringManifest;
import transaction.Entry;

/**
 * {@link EventCodec} as Pekko's serialization wants it. The journal does not need it; whatever else
 * moves entries about does. The summary of an entry is not carried along.
 */
public final class EventSerializer extends SerializerWithStringManifest {

    /** Never to be changed: it stands beside each serialized entry. */
    private static final int IDENTIFIER = 1_710_001;

    @Override
    public int identifier() {
        return IDENTIFIER;
    }

    /** The version of the bytes. */
    @Override
    public String manifest(Object object) {
        return Integer.toString(EventCodec.VERSION);
    }

    @Override
    public byte[] toBinary(Object object) {
        return EventCodec.encode((Entry) object);
    }

    @Override
    public Object fromBinary(byte[] bytes, String manifest) {
        return EventCodec.decode(Integer.parseInt(manifest), bytes);
    }
}

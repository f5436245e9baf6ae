package actors;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.serialization.SerializerWithStringManifest;
import transaction.LiveEvents;
import transaction.Mode;
import transaction.Status;

/** {@link FeedMessage}s as bytes. A node of another version that reads less ends its reading. */
public final class FeedSerializer extends SerializerWithStringManifest {

    private static final int IDENTIFIER = 20_260_702;

    private final ActorRefResolver refs;

    /** As Pekko makes it, for the class named in {@code reference.conf}. */
    public FeedSerializer(ExtendedActorSystem system) {
        this.refs = ActorRefResolver.get(Adapter.toTyped(system));
    }

    @Override
    public int identifier() {
        return IDENTIFIER;
    }

    @Override
    public String manifest(Object message) {
        return message.getClass().getSimpleName();
    }

    @Override
    public byte[] toBinary(Object message) {
        var bytes = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(bytes)) {
            if (message instanceof FeedMessage.Hello hello) {
                out.writeUTF(refs.toSerializationFormat(hello.reader()));
            } else if (message instanceof FeedMessage.Pull pull) {
                write(out, pull);
            } else if (message instanceof FeedMessage.Here here) {
                out.writeUTF(refs.toSerializationFormat(here.desk()));
                out.writeUTF(here.origin().name());
                out.writeLong(here.origin().first());
                out.writeLong(here.origin().last());
            } else {
                write(out, (FeedMessage.Batch) message);
            }
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return bytes.toByteArray();
    }

    @Override
    public Object fromBinary(byte[] bytes, String manifest) {
        try (var in = new DataInputStream(new ByteArrayInputStream(bytes))) {
            return switch (manifest) {
                case "Hello" -> new FeedMessage.Hello(reader(in));
                case "Pull" -> new FeedMessage.Pull(
                    in.readUTF(), in.readLong(), filter(in), reader(in));
                case "Here" -> new FeedMessage.Here(refs.resolveActorRef(in.readUTF()),
                    new EventFeed.Origin(in.readUTF(), in.readLong(), in.readLong()));
                case "Batch" -> batch(in);
                default -> throw new IllegalArgumentException("no message of a feed: " + manifest);
            };
        } catch (IOException broken) {
            throw new UncheckedIOException(broken);
        }
    }

    private void write(DataOutputStream out, FeedMessage.Pull pull) throws IOException {
        out.writeUTF(pull.origin());
        out.writeLong(pull.after());
        out.writeUTF(pull.filter().gid().orElse(""));
        out.writeUTF(pull.filter().mode().map(Mode::wire).orElse(""));
        out.writeUTF(pull.filter().status().map(Status::wire).orElse(""));
        out.writeUTF(refs.toSerializationFormat(pull.reader()));
    }

    private static void write(DataOutputStream out, FeedMessage.Batch batch) throws IOException {
        out.writeUTF(batch.origin());
        out.writeLong(batch.after());
        out.writeLong(batch.upTo());
        out.writeBoolean(batch.missed());
        out.writeInt(batch.found().size());
        for (EventFeed.Numbered each : batch.found()) {
            out.writeLong(each.number());
            NoticeBytes.write(out, each.notice());
        }
    }

    private static FeedMessage.Batch batch(DataInputStream in) throws IOException {
        String origin = in.readUTF();
        long after = in.readLong();
        long upTo = in.readLong();
        boolean missed = in.readBoolean();
        int size = in.readInt();
        List<EventFeed.Numbered> found = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            found.add(new EventFeed.Numbered(in.readLong(), NoticeBytes.read(in)));
        }
        return new FeedMessage.Batch(origin, after, found, upTo, missed);
    }

    private static LiveEvents.Filter filter(DataInputStream in) throws IOException {
        String gid = in.readUTF();
        return new LiveEvents.Filter(Optional.of(gid).filter(text -> !text.isEmpty()),
            Mode.of(in.readUTF()), Status.of(in.readUTF()));
    }

    private ActorRef<FeedReader.Message> reader(DataInputStream in) throws IOException {
        return refs.resolveActorRef(in.readUTF());
    }
}

package actors.feed;

import codec.ByteFields;
import codec.FieldReader;
import codec.FieldWriter;
import codec.NoticeFields;
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

    private static final int IDENTIFIER = 20_260_705;

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
        ByteFields to = new ByteFields();
        if (message instanceof FeedMessage.Hello hello) {
            to.text(1, "reader", refs.toSerializationFormat(hello.reader()));
        } else if (message instanceof FeedMessage.Pull pull) {
            to.text(1, "reader", refs.toSerializationFormat(pull.reader()))
                .text(2, "origin", pull.origin()).number(3, "after", pull.after())
                .text(4, "gid", pull.filter().gid().orElse(""))
                .text(5, "mode", pull.filter().mode().map(Mode::wire).orElse(""))
                .text(6, "status", pull.filter().status().map(Status::wire).orElse(""));
        } else if (message instanceof FeedMessage.Here here) {
            to.text(1, "desk", refs.toSerializationFormat(here.desk()))
                .text(2, "origin", here.origin().name())
                .number(3, "first", here.origin().first()).number(4, "last", here.origin().last());
        } else {
            batch(to, (FeedMessage.Batch) message);
        }
        return to.toBytes();
    }

    @Override
    public Object fromBinary(byte[] bytes, String manifest) {
        FieldReader from = new FieldReader(bytes);
        return switch (manifest) {
            case "Hello" -> new FeedMessage.Hello(reader(from));
            case "Pull" -> new FeedMessage.Pull(
                from.text(2), from.number(3), filter(from), reader(from));
            case "Here" -> new FeedMessage.Here(refs.resolveActorRef(from.text(1)),
                new EventFeed.Origin(from.text(2), from.number(3), from.number(4)));
            case "Batch" -> batch(from);
            default -> throw new IllegalArgumentException("no message of a feed: " + manifest);
        };
    }

    private static void batch(FieldWriter to, FeedMessage.Batch batch) {
        to.text(1, "origin", batch.origin()).number(2, "after", batch.after())
            .number(3, "upTo", batch.upTo()).flag(4, "missed", batch.missed())
            .records(5, "found", batch.found(), (each, found) -> each
                .number(1, "number", found.number())
                .record(2, "notice", found.notice(), NoticeFields::write));
    }

    private static FeedMessage.Batch batch(FieldReader from) {
        return new FeedMessage.Batch(from.text(1), from.number(2),
            from.records(5, each -> new EventFeed.Numbered(
                each.number(1), each.record(2, NoticeFields::read))),
            from.number(3), from.flag(4));
    }

    private static LiveEvents.Filter filter(FieldReader from) {
        return new LiveEvents.Filter(
            Optional.of(from.text(4)).filter(text -> !text.isEmpty()),
            from.has(5) ? Optional.of(from.known(5, "mode", Mode::of)) : Optional.empty(),
            from.has(6) ? Optional.of(from.known(6, "status", Status::of)) : Optional.empty());
    }

    private ActorRef<FeedReader.Message> reader(FieldReader from) {
        return refs.resolveActorRef(from.text(1));
    }
}

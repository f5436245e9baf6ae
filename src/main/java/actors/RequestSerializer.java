package actors;

import codec.ByteFields;
import codec.CommandFields;
import codec.FieldReader;
import codec.ReplyFields;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.serialization.SerializerWithStringManifest;

/**
 * What goes between a client's node and the node where its transaction lives, as bytes. A field
 * that a later release has added is passed over; a command that it has added cannot be read, and
 * who sent it is told that nothing is known.
 */
public final class RequestSerializer extends SerializerWithStringManifest {

    private static final int IDENTIFIER = 20_260_704;

    private static final String REQUEST = "Q";
    private static final String ANSWER = "A";
    private static final String PIECE = "P";
    private static final String LOCATE = "L";

    private final ActorRefResolver refs;

    /** As Pekko makes it, for the class named in {@code reference.conf}. */
    public RequestSerializer(ExtendedActorSystem system) {
        this.refs = ActorRefResolver.get(Adapter.toTyped(system));
    }

    @Override
    public int identifier() {
        return IDENTIFIER;
    }

    @Override
    public String manifest(Object message) {
        if (message instanceof TransactionActor.Request) {
            return REQUEST;
        }
        if (message instanceof TransactionActor.Locate) {
            return LOCATE;
        }
        return message instanceof TransactionActor.Answer ? ANSWER : PIECE;
    }

    @Override
    public byte[] toBinary(Object message) {
        ByteFields to = new ByteFields();
        if (message instanceof TransactionActor.Request request) {
            to.number(1, "ticket", request.ticket())
                .text(2, "replyTo", text(request.replyTo()))
                .record(3, "command", request.command(), CommandFields::write);
        } else if (message instanceof TransactionActor.Answer answer) {
            to.number(1, "ticket", answer.ticket())
                .record(3, "reply", answer.reply(), ReplyFields::write);
        } else if (message instanceof TransactionActor.Locate locate) {
            to.number(1, "ticket", locate.ticket()).text(2, "replyTo", text(locate.replyTo()));
        } else {
            TransactionActor.Piece piece = (TransactionActor.Piece) message;
            to.content(5, piece.content()).number(1, "ticket", piece.ticket())
                .text(2, "from", piece.from() == null ? "" : text(piece.from()))
                .number(3, "index", piece.index()).number(4, "count", piece.count());
        }
        return to.toBytes();
    }

    @Override
    public Object fromBinary(byte[] bytes, String manifest) {
        FieldReader from = new FieldReader(bytes);
        return switch (manifest) {
            case REQUEST -> new TransactionActor.Request(
                from.record(3, CommandFields::read), from.number(1), ref(from));
            case ANSWER -> new TransactionActor.Answer(
                from.number(1), from.record(3, ReplyFields::read));
            case LOCATE -> new TransactionActor.Locate(from.number(1), ref(from));
            case PIECE -> new TransactionActor.Piece(from.number(1),
                from.has(2) ? ref(from) : null, from.integer(3), from.integer(4), from.content(5));
            default -> throw new IllegalArgumentException("no message of ours: " + manifest);
        };
    }

    private String text(ActorRef<?> ref) {
        return refs.toSerializationFormat(ref);
    }

    private ActorRef<TransactionActor.Answer> ref(FieldReader from) {
        return refs.resolveActorRef(from.text(2));
    }
}

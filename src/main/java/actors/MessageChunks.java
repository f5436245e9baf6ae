package actors;

import codec.ByteFields;
import codec.CommandFields;
import codec.FieldReader;
import codec.ReplyFields;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongPredicate;
import org.apache.pekko.actor.typed.ActorRef;
import transaction.BranchOp;
import transaction.BranchRegistration;
import transaction.Command;
import transaction.Details;
import transaction.GlobalTransaction;
import transaction.Reply;
import transaction.Submission;

/**
 * Large commands and replies on their way between two nodes. Whatever is longer than the frame of
 * the transport would be dropped there, so it goes in pieces that fit, in order, and is put
 * together here. A message of which a piece is lost is never seen; who waits for it is told that
 * nothing is known. Not for several threads.
 */
final class MessageChunks {

    /** The content of one piece: half of Pekko's default frame, so that the rest surely fits. */
    static final int BYTES = 128 << 10;

    /** What surely fits in one frame by the generous count of {@link #weight}. */
    private static final long SMALL = 96 << 10;

    /** The longest message: twice what a transaction may hold, its payloads on record twice. */
    private static final int COUNT_MAX = 512;

    /** Messages of which not all pieces are there yet; of more, the oldest is given up. */
    private static final int OPEN_MAX = 64;

    /** In UTF-8 a character has at most three bytes for each of its two in memory. */
    private static final int BYTES_PER_CHAR = 3;

    /** Times, numbers and the heads of fields in one record. */
    private static final int RECORD = 256;

    private record Key(long ticket, ActorRef<?> from) {}

    private final Map<Key, List<byte[]>> open = new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, List<byte[]>> eldest) {
            return size() > OPEN_MAX;
        }
    };

    /** Tells whoever asked, in pieces if it is long and they are at another node. */
    static void answer(TransactionActor.Request request, Reply reply) {
        boolean away = request.replyTo().path().address().hasGlobalScope();
        if (away && isLarge(reply)) {
            ActorRef<Object> ear = request.replyTo().unsafeUpcast();
            cut(bytesOf(reply), request.ticket(), null).forEach(ear::tell);
        } else {
            request.replyTo().tell(new TransactionActor.Answer(request.ticket(), reply));
        }
    }

    static boolean isLarge(Command command) {
        return weight(command) > SMALL;
    }

    static boolean isLarge(Reply reply) {
        return reply instanceof Reply.Found found && !found.transaction().isAbsent()
            && weight(found.transaction()) > SMALL;
    }

    static byte[] bytesOf(Command command) {
        return ByteFields.of(command, CommandFields::write);
    }

    static byte[] bytesOf(Reply reply) {
        return ByteFields.of(reply, ReplyFields::write);
    }

    /** @param from who asks; null on the way back */
    static List<TransactionActor.Piece> cut(
            byte[] whole, long ticket, ActorRef<TransactionActor.Answer> from) {
        int count = (whole.length + BYTES - 1) / BYTES;
        List<TransactionActor.Piece> pieces = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int length = Math.min(BYTES, whole.length - i * BYTES);
            byte[] content = new byte[length];
            System.arraycopy(whole, i * BYTES, content, 0, length);
            pieces.add(new TransactionActor.Piece(ticket, from, i, count, content));
        }
        return pieces;
    }

    /** The whole message, once its last piece is there. */
    Optional<byte[]> add(TransactionActor.Piece piece) {
        Key key = new Key(piece.ticket(), piece.from());
        List<byte[]> before = piece.index() == 0 ? new ArrayList<>() : open.get(key);
        if (before == null || before.size() != piece.index() || piece.count() > COUNT_MAX
                || piece.content().length > BYTES) {
            open.remove(key);
            return Optional.empty();
        }
        before.add(piece.content());
        if (before.size() < piece.count()) {
            open.put(key, before);
            return Optional.empty();
        }
        open.remove(key);
        byte[] whole = new byte[before.stream().mapToInt(each -> each.length).sum()];
        int at = 0;
        for (byte[] each : before) {
            System.arraycopy(each, 0, whole, at, each.length);
            at += each.length;
        }
        return Optional.of(whole);
    }

    /** The request, once its last piece is there; who sent it is told if it cannot be read. */
    Optional<TransactionActor.Request> request(TransactionActor.Piece piece) {
        return add(piece).flatMap(whole -> {
            try {
                return Optional.of(new TransactionActor.Request(
                    CommandFields.read(new FieldReader(whole)), piece.ticket(), piece.from()));
            } catch (RuntimeException unreadable) {
                piece.from().tell(new TransactionActor.Answer(piece.ticket(), new Reply.Unclear(
                    "it came in words of another release, and nothing was written")));
                return Optional.empty();
            }
        });
    }

    /** The answer, once its last piece is there. */
    Optional<TransactionActor.Answer> answer(TransactionActor.Piece piece) {
        return add(piece).map(whole -> {
            try {
                return new TransactionActor.Answer(
                    piece.ticket(), ReplyFields.read(new FieldReader(whole)));
            } catch (RuntimeException unreadable) {
                return new TransactionActor.Answer(piece.ticket(), new Reply.Unclear(
                    "the answer came in words of another release"));
            }
        });
    }

    /** Forgets the messages whose tickets nobody has any more. */
    void forget(LongPredicate isOver) {
        open.keySet().removeIf(key -> isOver.test(key.ticket));
    }

    private static long weight(Command command) {
        if (command instanceof Command.Submit submit) {
            return weight(submit.submission());
        } else if (command instanceof Command.Prepare prepare) {
            return weight(prepare.submission());
        } else if (command instanceof Command.PrepareWorkflow prepare) {
            return weight(prepare.submission());
        } else if (command instanceof Command.JoinBranch join) {
            BranchRegistration joining = join.registration();
            return RECORD + joining.data().size() + weight(joining.fields());
        } else if (command instanceof Command.FinishWorkflow finish) {
            return RECORD + weight(finish.result());
        }
        return RECORD;
    }

    private static long weight(Submission asked) {
        long weight = RECORD + weight(asked.queryPrepared()) + weight(asked.customData());
        for (Submission.Step step : asked.steps()) {
            weight += RECORD + weight(step.action()) + weight(step.compensate())
                + step.payload().size() + weight(step.actionOptions().headers())
                + weight(step.compensateOptions().headers())
                + (step.undoPayload() == step.payload() ? 0 : step.undoPayload().size())
                + step.subscribers().stream().mapToLong(MessageChunks::weight).sum();
        }
        if (asked.details() instanceof Details.Named named) {
            weight += weight(named.name()) + named.data().size();
        } else if (asked.details() instanceof Details.Concurrent concurrent) {
            weight += concurrent.after().values().stream()
                .mapToLong(each -> RECORD + 8L * each.size()).sum();
        }
        return weight + weight(asked.options().branchHeaders())
            + weight(asked.context().attributes());
    }

    private static long weight(GlobalTransaction t) {
        long weight = t.submission() == null ? RECORD : weight(t.submission());
        for (BranchOp op : t.ops()) {
            weight += 2 * RECORD + op.payload().size() + weight(op.url()) + weight(op.reason())
                + weight(op.options().headers());
        }
        return weight + weight(t.result()) * 2 + weight(t.reason()) * 2 + weight(t.quarantine())
            + t.undo().stream().mapToLong(MessageChunks::weight).sum();
    }

    private static long weight(Map<String, String> entries) {
        return entries.entrySet().stream()
            .mapToLong(each -> weight(each.getKey()) + weight(each.getValue())).sum();
    }

    private static long weight(String text) {
        return 8 + (long) BYTES_PER_CHAR * text.length();
    }
}

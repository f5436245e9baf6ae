package actors;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import codec.ByteFields;
import codec.CommandFields;
import codec.FieldReader;
import codec.ReplyFields;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.apache.pekko.actor.testkit.typed.javadsl.ActorTestKit;
import org.apache.pekko.actor.testkit.typed.javadsl.TestProbe;
import org.apache.pekko.serialization.Serialization;
import org.apache.pekko.serialization.SerializationExtension;
import org.apache.pekko.serialization.SerializerWithStringManifest;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import transaction.Backoff;
import transaction.BranchOp;
import transaction.BranchRegistration;
import transaction.BranchStatus;
import transaction.Bytes;
import transaction.CallOptions;
import transaction.Command;
import transaction.Details;
import transaction.GlobalTransaction;
import transaction.Limits;
import transaction.Mode;
import transaction.Op;
import transaction.Options;
import transaction.Protocol;
import transaction.Reply;
import transaction.Status;
import transaction.Submission;
import transaction.Summary;
import transaction.VerdictMode;

/** What goes from node to node comes out as it went in, whatever its size. */
class RequestSerializerTest {

    private static final ActorTestKit KIT = ActorTestKit.create();
    private static final TestProbe<TransactionActor.Answer> PROBE = KIT.createTestProbe();
    private static final Serialization SERIALIZATION = SerializationExtension.get(KIT.system());
    private static final Instant AT = Instant.parse("2026-11-22T12:00:00.123456789Z");

    @AfterAll
    static void shutDown() {
        KIT.shutdownTestKit();
    }

    static List<Command> commands() {
        Submission full = new Submission("gid-ä", Mode.SAGA,
            List.of(new Submission.Step("http://a/1", "http://a/2", Bytes.utf8("{\"ä\":1}")),
                new Submission.Step("http://b/1", "", Bytes.EMPTY)),
            "", Protocol.HTTP, "{\"concurrent\":true}",
            new Details.Concurrent(Map.of(1, List.of(0), 0, List.of())),
            new Options(true, 1, 2, 3, 4, 5, Map.of("token", "ü", "b", ""), true,
                VerdictMode.STRICT));
        Submission message = new Submission("m", Mode.MSG,
            List.of(new Submission.Step("topic://t", "", Bytes.utf8("x"), List.of("http://s/1"))),
            "http://q/", Protocol.HTTP, "", new Details.Delay(7), Options.NONE);
        Submission flow = new Submission("w", Mode.WORKFLOW, List.of(), "http://q/",
            Protocol.HTTP, "", new Details.Named("trip", Bytes.of(new byte[] {0, -1})),
            Options.NONE);
        return List.of(new Command.Submit(full), new Command.Submit(full, true),
            new Command.Prepare(message),
            new Command.PrepareWorkflow(flow), new Command.Submit(Submission.bare("b", Mode.TCC)),
            new Command.JoinBranch(new BranchRegistration("b", Mode.TCC, "01",
                Map.of("confirm", "http://c/", "cancel", ""), Bytes.utf8("data"))),
            new Command.Abort("g", Optional.of(Mode.XA), "why"),
            new Command.Abort("g", Optional.empty(), ""),
            new Command.FinishWorkflow("w", Status.SUCCEED, "", "result"),
            new Command.ForceStop("g"), new Command.RetryNow("g", true),
            new Command.RetryNow("g"), new Command.Look("g"), new Command.Resume());
    }

    static List<Reply> replies() {
        GlobalTransaction t = transaction(Bytes.utf8("payload"));
        Summary row = new Summary(t.submission(), t.status(), "why", "", AT, AT, AT.plusSeconds(9),
            Duration.ofMillis(1_500), "");
        GlobalTransaction broken = new GlobalTransaction(null, null, List.of(), null, List.of(),
            "", "", null, null, null, null, "a hole");
        return List.of(Reply.DONE, Reply.WRITTEN, Reply.PENDING, Reply.UNKNOWN_REQUEST,
            new Reply.Refused("no"),
            new Reply.Ongoing("later"), new Reply.Troubled("500"), new Reply.Missing("none"),
            new Reply.Invalid("what"), new Reply.Overloaded("much"), new Reply.Full("no room"),
            new Reply.Unclear("perhaps"),
            new Reply.Found(GlobalTransaction.ABSENT, null), new Reply.Found(t, row),
            new Reply.Found(t, row, "pekko://pactor@10.0.0.1:7355"),
            new Reply.Found(broken, null));
    }

    @ParameterizedTest
    @MethodSource("commands")
    void aCommandComesOutAsItWentIn(Command command) {
        var request = new TransactionActor.Request(command, 17, PROBE.getRef());
        assertEquals(request, there(request));
        byte[] whole = MessageChunks.bytesOf(command);
        var piece = MessageChunks.cut(whole, 17, PROBE.getRef()).get(0);
        var got = (TransactionActor.Piece) there(piece);
        assertEquals(request, new MessageChunks().request(got).orElseThrow());
    }

    @ParameterizedTest
    @MethodSource("replies")
    void aReplyComesOutAsItWentIn(Reply reply) {
        var answer = new TransactionActor.Answer(-1, reply);
        assertEquals(answer, there(answer));
    }

    @Test
    void theQuestionWhereARequestIsComesOutAsItWentIn() {
        var locate = new TransactionActor.Locate(17, PROBE.getRef());
        assertEquals(locate, there(locate));
    }

    @Test
    void whatIsLargeGoesInPiecesThatFitAndIsPutTogether() {
        byte[] content = new byte[Limits.PAYLOAD_BYTES];
        new Random(1).nextBytes(content);
        List<Submission.Step> steps = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            steps.add(new Submission.Step("http://a/", "http://a/", Bytes.of(content)));
        }
        Command command = new Command.Submit(new Submission("large", Mode.SAGA, steps, "",
            Protocol.HTTP, "", Details.PLAIN, Options.NONE));
        assertTrue(MessageChunks.isLarge(command));
        MessageChunks pieces = new MessageChunks();
        Optional<TransactionActor.Request> whole = Optional.empty();
        for (var piece : MessageChunks.cut(MessageChunks.bytesOf(command), 5, PROBE.getRef())) {
            assertTrue(bytes(piece).length < 200_000);
            assertTrue(whole.isEmpty());
            whole = pieces.request((TransactionActor.Piece) there(piece));
        }
        assertEquals(new TransactionActor.Request(command, 5, PROBE.getRef()),
            whole.orElseThrow());
        Reply reply = new Reply.Found(transaction(Bytes.of(content)), null);
        assertTrue(MessageChunks.isLarge(reply));
        assertFalse(MessageChunks.isLarge(Reply.DONE));
    }

    @Test
    void whatLacksAPieceIsNeverSeen() {
        byte[] whole = new byte[3 * MessageChunks.BYTES];
        List<TransactionActor.Piece> cut = MessageChunks.cut(whole, 5, null);
        MessageChunks pieces = new MessageChunks();
        assertTrue(pieces.add(cut.get(1)).isEmpty());
        assertTrue(pieces.add(cut.get(0)).isEmpty());
        assertTrue(pieces.add(cut.get(2)).isEmpty());
        assertTrue(pieces.add(cut.get(0)).isEmpty());
        assertTrue(pieces.add(cut.get(1)).isEmpty());
        pieces.forget(ticket -> ticket == 5);
        assertTrue(pieces.add(cut.get(2)).isEmpty());
    }

    /** As from a later release: more fields, and kinds that are not known here. */
    @Test
    void whatALaterReleaseAddsIsPassedOver() {
        ByteFields later = new ByteFields();
        later.text(1, "", "refused").text(99, "", "new").text(4, "", "no");
        assertEquals(new Reply.Refused("no"), ReplyFields.read(fields(later)));
        ByteFields unknown = new ByteFields();
        unknown.text(1, "", "postponed");
        assertInstanceOf(Reply.Unclear.class, ReplyFields.read(fields(unknown)));
        assertThrows(IllegalArgumentException.class, () -> CommandFields.read(fields(unknown)));
        var piece = MessageChunks.cut(unknown.toBytes(), 8, PROBE.getRef()).get(0);
        assertTrue(new MessageChunks().request(piece).isEmpty());
        assertInstanceOf(Reply.Unclear.class, PROBE.receiveMessage().reply());
    }

    /** A command was checked where it came in; a node of another release does not ask again. */
    @Test
    void whatThisNodesRulesRefuseArrivesAllTheSame() {
        Command command = new Command.Submit(new Submission("g\n", Mode.SAGA,
            List.of(new Submission.Step("ftp://h", "", Bytes.EMPTY)), "", Protocol.HTTP, "",
            new Details.Delay(-1), new Options(false, -1, 0, 0, 0, 0, Map.of("x y", ""), false)));
        assertThrows(transaction.InvalidRequest.class, () -> command.check("g"));

        byte[] bytes = ByteFields.of(command, CommandFields::write);
        assertEquals(command, CommandFields.read(new FieldReader(bytes)));
    }

    @Test
    void bytesAtRandomAreRefusedAndNothingElseHappens() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        byte[] good = MessageChunks.bytesOf(commands().get(0));
        for (int i = 0; i < 20_000; i++) {
            byte[] bad = good.clone();
            bad[random.nextInt(bad.length)] = (byte) random.nextInt();
            try {
                CommandFields.read(new FieldReader(bad));
            } catch (IllegalArgumentException | ArithmeticException | NullPointerException
                    | java.time.DateTimeException refused) {
                continue;
            } catch (RuntimeException other) {
                assertInstanceOf(transaction.InvalidRequest.class, other, "seed " + seed);
            }
        }
    }

    private static FieldReader fields(ByteFields writer) {
        return new FieldReader(writer.toBytes());
    }

    private static byte[] bytes(Object message) {
        return SERIALIZATION.serialize(message).get();
    }

    private static Object there(Object message) {
        var serializer = (SerializerWithStringManifest) SERIALIZATION.findSerializerFor(message);
        Object got = SERIALIZATION.deserialize(
            bytes(message), serializer.identifier(), serializer.manifest(message)).get();
        if (message instanceof TransactionActor.Piece sent) {
            TransactionActor.Piece piece = (TransactionActor.Piece) got;
            assertArrayEquals(sent.content(), piece.content());
        }
        return got;
    }

    private static GlobalTransaction transaction(Bytes payload) {
        Submission asked = new Submission("t", Mode.SAGA,
            List.of(new Submission.Step("http://a/1", "http://a/2", payload)), "", Protocol.HTTP,
            "", Details.PLAIN, Options.NONE);
        return new GlobalTransaction(asked, Status.ABORTING,
            List.of(new BranchOp("01", Op.ACTION, "http://a/1", payload, BranchStatus.FAILED,
                new Backoff(Duration.ofMillis(10_001), AT.plusNanos(1), 3), "no funds", AT, AT,
                AT.plusSeconds(2), 4,
                new CallOptions("PUT", Map.of("x", "y"), 3, 2), AT)),
            null, List.of("01"), "why", "", AT, AT.minusSeconds(1), Instant.EPOCH, AT, "");
    }
}

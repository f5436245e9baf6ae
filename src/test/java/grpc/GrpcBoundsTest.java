package grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import wire.DtmBranchRequest;
import wire.DtmRequest;

/** What a stranger may cost: calls, connections and frames that lead nowhere. */
class GrpcBoundsTest {

    private static final int CALLS = 40;
    private static final int CONNECTIONS = 4;

    private Wire wire;
    private final List<RawHttp2> strangers = new ArrayList<>();

    @BeforeEach
    void start() {
        wire = Wire.start(bounded(Duration.ofSeconds(20)));
    }

    @AfterEach
    void stop() {
        strangers.forEach(RawHttp2::close);
        wire.close();
    }

    @Test
    void theOldestCallWithoutAMessageMakesRoomForTheNext() {
        RawHttp2 stranger = stranger();
        List<Integer> calls = opened(stranger, CALLS);

        int last = stranger.call(RawHttp2.SUBMIT, 0);
        RawHttp2.Frame answer = stranger.flush().end(calls.get(0));

        assertEquals(RawHttp2.HEADERS, answer.type());
        String told = new String(answer.payload(), StandardCharsets.ISO_8859_1);
        assertTrue(told.contains(ReceiveBudgetExceeded.FOR_CALLS.getDescription()), told);
        assertTrue(told.contains("grpc-retry-pushback-ms"), told);
        assertEquals(0, stranger.end(calls.get(0)).error(), "and that no more is wanted");
        stranger.frame(RawHttp2.DATA, RawHttp2.END_STREAM, last, RawHttp2.EMPTY).flush();
        assertEquals(RawHttp2.HEADERS, stranger.end(last).type(), "the last goes on");
        assertTrue(wire.metered.contains("submit RESOURCE_EXHAUSTED"), wire.metered.toString());
    }

    /** Heads of many calls may come before the first message, as Go's client sends them. */
    @Test
    void manyCallsOfOneClientAreServedBesideThoseThatAreLeft() {
        opened(stranger(), CALLS);
        strangers.get(0).seen();
        RawHttp2 client = stranger();
        List<Integer> calls = IntStream.range(0, CALLS / 3).map(i ->
            client.call(RawHttp2.NEW_GID, 0)).boxed().toList();
        client.flush().seen();
        calls.forEach(call ->
            client.frame(RawHttp2.DATA, RawHttp2.END_STREAM, call, RawHttp2.EMPTY));
        client.flush();

        calls.forEach(call ->
            assertEquals(RawHttp2.HEADERS, client.until(RawHttp2.Frame::isEnd).type()));
        Awaitility.await().until(() -> calls.size() == wire.metered.stream()
            .filter("newgid OK"::equals).count());
    }

    /** The names and values of a head are kept until the message comes. */
    @Test
    void headsAreBoundAltogether() {
        wire.close();
        wire = Wire.start(with(Duration.ofSeconds(20), 100 << 10));
        RawHttp2 stranger = stranger();
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        head.writeBytes(RawHttp2.head(RawHttp2.SUBMIT));
        for (int i = 0; i < 100; i++) {
            RawHttp2.literal(head, "x-" + i, "a".repeat(100));
        }
        for (int call = 1; call < 20; call += 2) {
            stranger.frame(RawHttp2.HEADERS, RawHttp2.END_HEADERS, call, head.toByteArray());
        }

        assertNotNull(stranger.flush().until(RawHttp2.Frame::isEnd));
        assertEquals("OK", wire.client.newGid().code(), "what is small goes on");
    }

    @Test
    void whatGoesAwayMakesRoom() {
        for (int round = 0; round < 5; round++) {
            RawHttp2 stranger = stranger();
            List<Integer> calls = opened(stranger, CALLS / 2);
            stranger.seen();
            if (round % 2 == 0) {
                stranger.close();
            } else {
                calls.forEach(call -> stranger.frame(RawHttp2.RST_STREAM, 0, call, new byte[4]));
                stranger.seen();
            }
        }
        RawHttp2 last = stranger();
        List<Integer> calls = opened(last, CALLS);
        calls.forEach(call ->
            last.frame(RawHttp2.DATA, RawHttp2.END_STREAM, call, RawHttp2.EMPTY));
        last.flush();
        for (int i = 0; i < calls.size(); i++) {
            assertEquals(RawHttp2.HEADERS, last.until(RawHttp2.Frame::isEnd).type());
        }
    }

    /** Its answer has no window to go through. */
    @Test
    void anAnswerThatIsNotReadMakesRoom() {
        RawHttp2 stranger = stranger(4, 0);
        int first = stranger.ask(RawHttp2.NEW_GID, RawHttp2.EMPTY);
        stranger.flush().until(frame -> frame.type() == RawHttp2.HEADERS);
        IntStream.range(0, CALLS).forEach(i ->
            stranger.ask(RawHttp2.NEW_GID, RawHttp2.EMPTY));

        RawHttp2.Frame end = stranger.flush().end(first);

        assertEquals(RawHttp2.RST_STREAM, end.type());
        assertEquals("OK", wire.client.newGid().code());
    }

    @Test
    void whoNeverReadsItsAnswerIsLeft() {
        wire.close();
        wire = Wire.start(bounded(Duration.ofMillis(100)));
        RawHttp2 stranger = stranger(4, 0);
        int call = stranger.ask(RawHttp2.NEW_GID, RawHttp2.EMPTY);

        assertEquals(RawHttp2.RST_STREAM, stranger.flush().end(call).type());
    }

    /** Its stream would stay open, and be kept, for as long as the connection. */
    @Test
    void whoIsAnsweredBeforeItHasSaidAllIsLeft() {
        wire.close();
        wire = Wire.start(bounded(Duration.ofMillis(100)));
        RawHttp2 stranger = stranger();
        int call = stranger.call(RawHttp2.SUBMIT, 0);

        RawHttp2.Frame answer = stranger.flush().end(call);
        RawHttp2.Frame reset = stranger.end(call);

        assertEquals(RawHttp2.HEADERS, answer.type());
        assertEquals(RawHttp2.RST_STREAM, reset.type());
        assertEquals(0, reset.error());
    }

    @Test
    void healthIsToldWhateverElseIsOpen() {
        for (int i = 0; i < CONNECTIONS - 1; i++) {
            opened(stranger(), CALLS);
        }
        RawHttp2 prober = stranger();
        IntStream.range(0, 200).forEach(i -> prober.call(RawHttp2.CHECK, 0));
        prober.seen();

        int check = prober.ask(RawHttp2.CHECK, RawHttp2.EMPTY);

        assertEquals(RawHttp2.HEADERS, prober.flush().end(check).type());
    }

    /** It may last for ever, so there may be some hundreds and no more. */
    @Test
    void theOldestWatcherMakesRoomForTheNext() {
        RawHttp2 watcher = stranger();
        int first = watcher.ask(RawHttp2.WATCH, RawHttp2.EMPTY);
        IntStream.range(0, CALLS).forEach(i -> watcher.ask(RawHttp2.WATCH, RawHttp2.EMPTY));

        assertEquals(RawHttp2.RST_STREAM, watcher.flush().end(first).type());
        assertEquals("OK", wire.client.newGid().code());
    }

    @Test
    void theConnectionThatIsIdleForLongestMakesRoom() {
        List<RawHttp2> idle = new ArrayList<>();
        for (int i = 0; i < CONNECTIONS; i++) {
            idle.add(stranger().seen());
        }

        assertEquals("OK", wire.client.newGid().code());
        assertNotNull(idle.get(0).until(frame -> frame.type() == RawHttp2.GOAWAY));
        assertNull(idle.get(0).read(), "it is closed");
        idle.get(1).seen();
    }

    @Test
    void whenEachConnectionHasACallTheNextIsForProbes() {
        for (int i = 0; i < CONNECTIONS; i++) {
            opened(stranger(), 1);
            strangers.get(i).seen();
        }
        RawHttp2 late = stranger();

        int call = late.ask(RawHttp2.NEW_GID, RawHttp2.EMPTY);
        assertEquals(RawHttp2.REFUSED_STREAM, late.flush().end(call).error());
        int check = late.ask(RawHttp2.CHECK, RawHttp2.EMPTY);
        assertEquals(RawHttp2.HEADERS, late.flush().end(check).type());
        strangers.get(0).close();
        assertNull(late.until(frame -> false), "it is closed soon");
        assertEquals("OK", wire.client.newGid().code());
    }

    @Test
    void framesWithoutEndCloseTheConnection() {
        for (int type : new int[] {RawHttp2.SETTINGS, RawHttp2.PRIORITY, RawHttp2.WINDOW_UPDATE,
                RawHttp2.PING, 99}) {
            byte[] payload = switch (type) {
                case RawHttp2.PRIORITY -> new byte[] {0, 0, 0, 0, 1};
                case RawHttp2.WINDOW_UPDATE -> new byte[] {0, 0, 0, 1};
                case RawHttp2.PING -> new byte[8];
                default -> new byte[0];
            };
            int flags = type == RawHttp2.PING ? RawHttp2.ACK : 0;
            int stream = type == RawHttp2.PRIORITY ? 3 : 0;
            RawHttp2 stranger = stranger();
            for (int i = 0; i <= Frames.CREDIT; i++) {
                stranger.frame(type, flags, stream, payload);
            }
            assertCut(stranger, "frames of type " + type);
        }
    }

    /** Each piece is kept by itself, and is more than the byte that it holds. */
    @Test
    void aMessageInPiecesOfOneByteIsNotKept() {
        RawHttp2 stranger = stranger();
        int call = stranger.call(RawHttp2.SUBMIT, 0);
        stranger.frame(RawHttp2.DATA, 0, call, new byte[] {0, 0, 16, 0, 0});
        for (int i = 0; i < Frames.CREDIT; i++) {
            stranger.frame(RawHttp2.DATA, 0, call, i % 2 == 0 ? new byte[1] : new byte[0]);
        }
        assertCut(stranger, "pieces of data");
    }

    /** It is 16 KiB on the wire, and would be as many times larger as there are connections. */
    @Test
    void aHeadThatGoesOnWithoutEndClosesTheConnection() {
        RawHttp2 stranger = stranger().frame(RawHttp2.HEADERS, 0, 1, new byte[16_000]);
        for (int i = 0; i < 100; i++) {
            stranger.frame(RawHttp2.CONTINUATION, 0, 1, new byte[16_000]);
        }
        assertCut(stranger, "continuations");
        RawHttp2 empty = stranger().frame(RawHttp2.HEADERS, 0, 1, new byte[0]);
        for (int i = 0; i < 1_000; i++) {
            empty.frame(RawHttp2.CONTINUATION, 0, 1, new byte[0]);
        }
        assertCut(empty, "empty continuations");
    }

    @Test
    void whatIsBegunAndDoesNotComeClosesTheConnection() {
        wire.close();
        wire = Wire.start(bounded(Duration.ofMillis(100)));
        RawHttp2 stranger = stranger().frame(RawHttp2.HEADERS, 0, 1, new byte[100]).flush();

        assertNotNull(stranger.until(frame -> frame.type() == RawHttp2.GOAWAY));
        assertNull(stranger.read());
    }

    @Test
    void callsThatAreTakenBackWithoutEndCloseTheConnection() {
        RawHttp2 stranger = stranger();
        for (int i = 0; i < 4_000; i++) {
            int call = stranger.call(RawHttp2.SUBMIT, 0);
            stranger.frame(RawHttp2.RST_STREAM, 0, call, new byte[4]);
        }
        assertCut(stranger, "resets");
    }

    /** Left to itself, grpc-java begins another call. */
    @Test
    void whatComesAfterTheMessageEndsIt() {
        RawHttp2 stranger = stranger();
        int call = stranger.call(RawHttp2.NEW_GID, 0);
        stranger.frame(RawHttp2.DATA, 0, call, RawHttp2.EMPTY);
        stranger.frame(RawHttp2.HEADERS, RawHttp2.END_HEADERS | RawHttp2.END_STREAM, call,
            new byte[0]);

        RawHttp2.Frame end = stranger.flush().end(call);

        assertEquals(RawHttp2.HEADERS, end.type());
        Awaitility.await().until(() -> wire.metered.equals(List.of("newgid OK")));
        assertTrue(wire.server.drain(Duration.ofSeconds(30)).toCompletableFuture().join() == null);
    }

    /** A length that lies, a message that is cut off, one that says it is compressed. */
    @Test
    void whatIsNoFrameOfGrpcIsNeverCarriedOut() {
        RawHttp2 stranger = stranger();
        for (byte[] bytes : List.of(new byte[] {0, 0, 0}, new byte[] {0, 0, 0, 0, 9, 1},
                new byte[] {1, 0, 0, 0, 0}, new byte[] {7, 0, 0, 0, 0},
                new byte[] {0, -1, 0, 0, 0}, new byte[] {0, 127, 0, 0, 0})) {
            int call = stranger.ask(RawHttp2.NEW_GID, bytes);
            RawHttp2.Frame end = stranger.flush().end(call);
            assertNotNull(end);
            assertFalse(new String(end.payload(), StandardCharsets.ISO_8859_1)
                .contains("grpc-status\u00010"), "of " + bytes[0] + " " + bytes.length);
        }
        Awaitility.await().until(() -> wire.metered.size() == 6);
        assertFalse(wire.metered.contains("newgid OK"), wire.metered.toString());
    }

    /** What large answers there are goes on; the others are told to ask again. */
    @Test
    void answersThatAreNotReadAreBoundAltogether() {
        wire.close();
        GrpcServerSettings s = Wire.SETTINGS;
        wire = Wire.start(with(s.messageTimeout(), 100 << 10));
        DtmRequest workflow = DtmRequest.newBuilder().setGid("w").setTransType("workflow")
            .setCustomedData("{\"name\":\"w\",\"data\":\"" + "A".repeat(40 << 10) + "\"}").build();
        assertEquals("OK", wire.client.prepareWorkflow(workflow).code());
        assertEquals("OK", wire.client.register(DtmBranchRequest.newBuilder().setGid("w")
            .setTransType("workflow").setBranchID("01").putData("op", "action")
            .putData("status", "succeed")
            .setBusiPayload(ByteString.copyFrom(new byte[40 << 10])).build()).code());
        byte[] look = framed(workflow.toBuilder().setCustomedData("").build().toByteArray());
        RawHttp2 stranger = stranger(4, 0);
        List<Integer> calls = IntStream.range(0, 5).map(i ->
            stranger.ask("/dtmgimp.Dtm/PrepareWorkflow", look)).boxed().toList();
        RawHttp2.Frame refused = stranger.flush().until(RawHttp2.Frame::isEnd);

        assertTrue(calls.contains(refused.stream()));
        assertEquals(RawHttp2.HEADERS, refused.type());
        Awaitility.await().until(() ->
            wire.metered.contains("prepareworkflow RESOURCE_EXHAUSTED"));
        stranger.close();
        Awaitility.await().until(() -> wire.client.prepareWorkflow(workflow).code().equals("OK"));
    }

    private static void assertCut(RawHttp2 stranger, String what) {
        assertNull(stranger.flush().until(frame -> false), what);
    }

    private static byte[] framed(byte[] message) {
        return ByteBuffer.allocate(5 + message.length).put((byte) 0)
            .putInt(message.length).put(message).array();
    }

    private RawHttp2 stranger() {
        return kept(RawHttp2.open(wire.port()));
    }

    private RawHttp2 stranger(int setting, int value) {
        return kept(new RawHttp2(wire.port()).preface().setting(setting, value).flush());
    }

    private RawHttp2 kept(RawHttp2 stranger) {
        strangers.add(stranger);
        return stranger;
    }

    private static List<Integer> opened(RawHttp2 stranger, int calls) {
        List<Integer> all = IntStream.range(0, calls).map(i ->
            stranger.call(RawHttp2.SUBMIT, 0)).boxed().toList();
        stranger.flush();
        return all;
    }

    private static GrpcServerSettings bounded(Duration message) {
        return with(message, Wire.SETTINGS.buffered());
    }

    private static GrpcServerSettings with(Duration message, long buffered) {
        GrpcServerSettings s = Wire.SETTINGS;
        return new GrpcServerSettings(s.host(), 0, s.reflection(), s.messageBytes(), buffered,
            s.metadataBytes(), CONNECTIONS, 1_000, CALLS, message, s.keepAlive(),
            s.keepAliveTimeout(), s.permitKeepAlive(), s.maxAge(), s.maxAgeGrace(),
            s.answerTimeout());
    }
}

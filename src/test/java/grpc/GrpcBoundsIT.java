package grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import client.LiveHeap;
import com.google.protobuf.ByteString;
import http.StartedJar;
import java.io.ByteArrayOutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import wire.DtmRequest;

/** What strangers may cost the jar, with a heap of 256 MiB. */
class GrpcBoundsIT {

    private static final int STRANGERS = 50;
    private static final int CALLS = 1_000;
    private static final int CLIENTS = 64;

    /** What is reachable beyond that of a node without a client, whatever is sent. */
    private static final long ATTACKED_MIB = 64;

    private static final long LEFT_MIB = 8;

    private static final List<Consumer<RawHttp2>> HOSTILE = List.of(
        wire -> wire.frame(RawHttp2.PING, RawHttp2.ACK, 0, new byte[8]),
        wire -> wire.frame(RawHttp2.PING, 0, 0, new byte[7]),
        wire -> wire.frame(RawHttp2.SETTINGS, 0, 0, new byte[5]),
        wire -> wire.setting(4, -1),
        wire -> wire.frame(RawHttp2.DATA, 0, 0, new byte[5]),
        wire -> wire.frame(RawHttp2.DATA, 0, 7, new byte[5]),
        wire -> wire.frame(RawHttp2.RST_STREAM, 0, 9, new byte[4]),
        wire -> wire.frame(RawHttp2.WINDOW_UPDATE, 0, 0, new byte[4]),
        wire -> wire.frame(RawHttp2.GOAWAY, 0, 0, new byte[8]),
        wire -> wire.frame(RawHttp2.HEADERS, RawHttp2.END_HEADERS, 2, RawHttp2.head("/a")),
        wire -> wire.frame(RawHttp2.HEADERS, RawHttp2.END_HEADERS, 1, (byte) 0xff),
        wire -> wire.frame(RawHttp2.HEADERS, RawHttp2.END_HEADERS, 1, new byte[16_384]),
        wire -> wire.frame(RawHttp2.HEADERS, RawHttp2.END_HEADERS, 1, new byte[20_000]),
        wire -> head(wire, ":method", "POST"),
        wire -> head(wire, ":path", ""),
        wire -> head(wire, ":path", "x", ":method", "POST"),
        wire -> head(wire, ":path", RawHttp2.SUBMIT, ":method", "GET",
            "content-type", "application/grpc"),
        wire -> head(wire, ":path", RawHttp2.SUBMIT, ":method", "POST",
            "content-type", "text/html"),
        wire -> head(wire, ":path", RawHttp2.SUBMIT, ":method", "POST",
            "content-type", "application/grpc", "te", "a line\nof its own"),
        wire -> head(wire, ":path", RawHttp2.SUBMIT, ":method", "POST",
            "content-type", "application/grpc"),
        wire -> head(wire, ":path", RawHttp2.SUBMIT, ":method", "POST",
            "content-type", "application/grpc", "grpc-timeout", "soon", "te", "trailers"),
        wire -> head(wire, ":path", RawHttp2.SUBMIT, ":method", "POST", "x-bin", "%",
            "content-type", "application/grpc", "x-bin", "!!", "te", "trailers"),
        wire -> wire.ask(RawHttp2.SUBMIT, new byte[] {0, 0, 0, 0, 1, (byte) 0xff}),
        wire -> wire.ask(RawHttp2.SUBMIT, new byte[] {1, 0, 0, 0, 1, 0}),
        wire -> wire.ask(RawHttp2.SUBMIT, new byte[] {7, 0, 0, 0, 1, 0}),
        wire -> wire.ask(RawHttp2.SUBMIT, new byte[] {0, 127, 0, 0, 0, 0}),
        wire -> wire.ask(RawHttp2.SUBMIT, new byte[] {0, -1, 0, 0, 0, 0}),
        wire -> wire.ask(RawHttp2.SUBMIT, new byte[] {0, 0, 0}),
        wire -> wire.ask(RawHttp2.CHECK, new byte[] {0, 0, 0, 0, 1, (byte) 0xff}),
        wire -> wire.ask(RawHttp2.CHECK, new byte[10]),
        wire -> wire.ask(RawHttp2.WATCH, new byte[10]),
        wire -> wire.ask("/grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
            new byte[] {0, 0, 0, 0, 1, (byte) 0xff}),
        wire -> wire.ask("/no.Service/Method", RawHttp2.EMPTY));

    private static StartedJar jar;

    @BeforeAll
    static void start(@TempDir Path dir) {
        jar = StartedJar.in(dir);
    }

    @AfterAll
    static void stop() {
        jar.close();
    }

    @Test
    void clientsAreServedBesideThoseThatOpenCallsAndLeaveThem() {
        assertEquals("OK", submit("warm"));
        long before = LiveHeap.mib(jar.process.pid());
        List<RawHttp2> strangers = new ArrayList<>();
        try {
            for (int i = 0; i < STRANGERS; i++) {
                RawHttp2 stranger = RawHttp2.open(jar.process.grpcPort());
                strangers.add(stranger);
                IntStream.range(0, CALLS).forEach(call -> stranger.call(RawHttp2.SUBMIT, 0));
                stranger.flush();
            }
            List<CompletableFuture<String>> clients = IntStream.range(0, CLIENTS).mapToObj(i ->
                CompletableFuture.supplyAsync(() -> submit("beside-" + i))).toList();

            clients.forEach(client -> assertEquals("OK", client.join()));
            long attacked = LiveHeap.mib(jar.process.pid());
            assertTrue(attacked < before + ATTACKED_MIB, "the heap has " + attacked + " MiB");
        } finally {
            strangers.forEach(RawHttp2::close);
        }
        assertEquals("OK", submit("after"));
        long after = LiveHeap.mib(jar.process.pid());
        assertTrue(after < before + LEFT_MIB, "the heap had " + before + " MiB, has " + after);
        assertEquals(List.of(), ofStrangers());
    }

    @Test
    void nothingThatStrangersSendIsLogged() throws Exception {
        for (int round = 0; round < 5; round++) {
            for (Consumer<RawHttp2> each : HOSTILE) {
                RawHttp2 stranger = RawHttp2.open(jar.process.grpcPort());
                each.accept(stranger);
                stranger.flush().seen();
                stranger.close();
            }
            for (String text : List.of("GET / HTTP/1.1\r\nhost: a\r\n\r\n", "\r\n\r\n",
                    "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\nno frames at all, whatever comes", "PRI")) {
                try (Socket socket = new Socket("127.0.0.1", jar.process.grpcPort())) {
                    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
                    socket.setSoLinger(true, 0);
                }
            }
        }
        assertEquals("OK", submit("logged"));
        assertEquals(List.of(), ofStrangers());
    }

    private static void head(RawHttp2 wire, String... namesAndValues) {
        ByteArrayOutputStream head = new ByteArrayOutputStream();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            RawHttp2.literal(head, namesAndValues[i], namesAndValues[i + 1]);
        }
        wire.frame(RawHttp2.HEADERS, RawHttp2.END_HEADERS | RawHttp2.END_STREAM, 1,
            head.toByteArray());
    }

    private static String submit(String gid) {
        return jar.grpc.ask("Submit", DtmRequest.newBuilder().setGid(gid).setTransType("saga")
            .setSteps("[{\"action\":\"" + jar.url("yes") + "\"}]")
            .addBinPayloads(ByteString.EMPTY).build()).code();
    }

    private static List<String> ofStrangers() {
        return jar.process.log().stream().filter(line -> !line.contains(" TransactionLog ")
            && !line.contains("listening on")).toList();
    }
}

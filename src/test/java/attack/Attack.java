package attack;

import client.CoordinatorProcess;
import grpc.RawHttp2;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * What a stranger does again and again: a round, and a pause before the next one.
 *
 * @param name for reports
 * @param pause after each round
 * @param round is allowed to fail: the connections of strangers are cut, and their calls refused
 * @param held what it keeps open; closing it ends a round that is stuck
 */
record Attack(String name, Duration pause, Round round, Held held) {

    private static final String API = "/api/dtmsvr/";
    private static final String POST = "POST " + API + "submit HTTP/1.1\r\nHost: x\r\n";
    private static final int MIB = 1 << 20;

    /** More than {@code pactor.http.max-connections}. */
    private static final int CONNECTIONS = 4_300;

    /** Rows with long texts, for lists. */
    private static final int ROWS = 60;

    private static final List<String> BROKEN = List.of(
        "POST /x HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        POST + "Transfer-Encoding: chunked,\r\n\r\n5\r\nabcde\r\n0\r\n\r\n",
        POST + "Transfer-Encoding: \"chunked\"\r\n\r\n5\r\nabcde\r\n0\r\n\r\n",
        POST + "Transfer-Encoding: chunked;q=1\r\n\r\n5\r\nabcde\r\n0\r\n\r\n",
        POST + "Transfer-Encoding: chunked\r\n\r\nZZ\r\n",
        POST + "Content-Length: 5\r\nContent-Length: 6\r\n\r\nabcde",
        POST + "Content-Length: -1\r\n\r\n", POST + "Content-Length: 50\r\n\r\n{",
        "GET / HTTP/1.1\r\nHost: x\r\n" + "A".repeat(40_000), "\0".repeat(5_000),
        "GET /%zz?%zz HTTP/1.1\r\nHost: x\r\n\r\n", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n");

    private static final HttpClient HTTP = HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(5)).build();

    /** One turn of it. */
    @FunctionalInterface
    interface Round {
        void run() throws IOException;
    }

    /** All there are. What they store besides goes through {@code branches}. */
    static List<Attack> on(CoordinatorProcess node, Branches branches) {
        int port = node.port();
        AtomicInteger large = new AtomicInteger();
        String collisions = collisions();
        return List.of(
            attack("endless heads", 500, 400, held -> endlessHeads(port, held)),
            attack("idle connections", 3_000, CONNECTIONS, held -> {
                for (int i = 0; i < 500; i++) {
                    held.keep(new Stranger(port));
                }
            }),
            slowBytes(port),
            attack("colliding names", 500, 0, held -> all(2, i -> post(port, "submit",
                collisions))),
            attack("open gRPC calls", 500, 50, held -> {
                for (int i = 0; i < 5; i++) {
                    RawHttp2 stranger = held.keep(RawHttp2.open(node.grpcPort()));
                    IntStream.range(0, 1_000).forEach(call -> stranger.call(RawHttp2.SUBMIT, 0));
                    stranger.flush();
                }
            }),
            attack("unread lists", 500, 100, held -> {
                for (int i = 0; i < 20; i++) {
                    held.keep(new Stranger(port)).send(
                        "GET " + API + "all?limit=1000 HTTP/1.1\r\nHost: x\r\n\r\n");
                }
            }),
            attack("broken framing", 500, 100, held -> {
                for (String each : BROKEN) {
                    IntStream.range(0, 5).forEach(i ->
                        held.keep(new Stranger(port)).send(each));
                }
                held.keep(new Stranger(node.grpcPort())).send("\0".repeat(5_000));
            }),
            attack("large submits", 3_000, 0, held -> all(8, i -> post(port, "submit",
                large("large-" + large.incrementAndGet(), branches.url("yes"))))));
    }

    /** Stores what {@code unread lists} asks for; refusals are repeated. */
    static void storeLongTexts(CoordinatorProcess node) {
        String text = "x".repeat(MIB / 2);
        for (int i = 0; i < ROWS; i++) {
            String body = "{\"gid\":\"text-" + i + "\",\"trans_type\":\"tcc\","
                + "\"timeout_to_fail\":360000,\"custom_data\":\"" + text + "\"}";
            int status = post(node.port(), "prepare", body).join();
            if (status != 200) {
                throw new IllegalStateException("nothing is under way, and it says " + status);
            }
        }
    }

    private static Attack attack(String name, int pause, int most, Turn turn) {
        Held held = new Held(most);
        return new Attack(name, Duration.ofMillis(pause), () -> turn.run(held), held);
    }

    @FunctionalInterface
    private interface Turn {
        void run(Held held) throws IOException;
    }

    /** Half of them go far beyond the bound of a head, and half stay below it. */
    private static void endlessHeads(int port, Held held) {
        String header = "X-%d: " + "x".repeat(15_000) + "\r\n";
        for (int i = 0; i < 40; i++) {
            Stranger each = held.keep(new Stranger(port));
            each.send(POST);
            int headers = i % 2 == 0 ? 2 : 62;
            for (int j = 0; j < headers && each.send(header.formatted(j)); j++) {
                // Until the coordinator has had enough.
            }
        }
    }

    private static Attack slowBytes(int port) {
        List<Stranger> slow = new ArrayList<>();
        return attack("slow bytes", 2_000, 1_000, held -> {
            slow.removeIf(each -> !each.send("x"));
            while (slow.size() < 100) {
                Stranger each = held.keep(new Stranger(port));
                each.send(POST + "X-");
                slow.add(each);
            }
        });
    }

    /** 49,000 names of one {@code hashCode}. */
    private static String collisions() {
        return IntStream.range(0, 49_000).mapToObj(i -> IntStream.range(0, 16)
            .mapToObj(bit -> (i >> bit & 1) == 0 ? "Aa" : "BB").collect(Collectors.joining()))
            .collect(Collectors.joining("\":\"\",\"",
                "{\"gid\":\"equal\",\"trans_type\":\"tcc\",\"branch_headers\":{\"", "\":\"\"}}"));
    }

    private static String large(String gid, String url) {
        String step = "{\"action\":\"" + url + "\",\"compensate\":\"\"}";
        String payload = "\"" + "x".repeat(MIB - 100) + "\"";
        return "{\"gid\":\"" + gid + "\",\"trans_type\":\"saga\",\"steps\":[" + step + "," + step
            + "],\"payloads\":[" + payload + "," + payload + "]}";
    }

    private static void all(int count, IntFunction<CompletableFuture<?>> ask) {
        IntStream.range(0, count).mapToObj(ask).toList().forEach(CompletableFuture::join);
    }

    /** The status of the answer; 0 if there is none. */
    private static CompletableFuture<Integer> post(int port, String what, String body) {
        return HTTP.sendAsync(HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + port + API + what))
            .timeout(Duration.ofSeconds(30)).POST(HttpRequest.BodyPublishers.ofString(body))
            .build(), HttpResponse.BodyHandlers.discarding())
            .handle((answer, cut) -> answer == null ? 0 : answer.statusCode());
    }
}

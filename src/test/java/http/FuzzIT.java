package http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import client.LiveHeap;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever is sent to whatever path, the jar answers as docs/protocol.md promises and goes on.
 * {@code -Dpactor.fuzz.seed=…} and {@code -Dpactor.fuzz.count=…} choose other runs.
 */
class FuzzIT {

    private static final long SEED = Long.getLong("pactor.fuzz.seed", 20_261_122L);
    private static final int COUNT = Integer.getInteger("pactor.fuzz.count", 20_000);

    /** What Java prints of what was thrown. */
    private static final Pattern TRACE =
        Pattern.compile("^\\s+at \\S+\\(|^Caused by: |\\w+(Exception|Error)\\b");

    /** What may be left on the heap of thousands of requests: caches that are being filled. */
    private static final int GROWTH_MIB_MAX = 16;

    /**
     * {@code -Dpactor.fuzz.keep=FILE} writes down one request for each kind of answer, for the
     * corpus.
     */
    @Test
    void noInputMakesItStumble(@TempDir Path dir) throws IOException {
        try (StartedJar jar = StartedJar.in(dir)) {
            Corpus corpus = new Corpus(jar.participant.base());
            for (RandomRequests.Request request : corpus.kept()) {
                String where = "from the corpus: " + request;
                check(request, send(jar, request, where), where);
            }
            RandomRequests requests = new RandomRequests(SEED, jar.participant.base());
            Map<Integer, Integer> statuses = new TreeMap<>();
            long heap = 0;
            for (int i = 0; i < COUNT; i++) {
                if (i == COUNT / 4) {
                    heap = LiveHeap.mib(jar.process.pid());
                }
                RandomRequests.Request request = requests.next();
                String where = "seed " + SEED + ", request " + i + ": " + request;
                WireClient.Answer answer = send(jar, request, where);
                statuses.merge(answer.status(), 1, Integer::sum);
                check(request, answer, where);
                corpus.meet(request, answer);
            }

            long growth = LiveHeap.mib(jar.process.pid()) - heap;
            assertTrue(growth <= GROWTH_MIB_MAX, "the heap grew by " + growth + " MiB");
            String keep = System.getProperty("pactor.fuzz.keep", "");
            if (!keep.isEmpty()) {
                corpus.writeTo(Path.of(keep));
            }
            System.out.println("fuzz with seed " + SEED + ": " + COUNT + " requests " + statuses
                + ", heap " + heap + (growth < 0 ? " - " : " + ") + Math.abs(growth) + " MiB");
            assertTrue(statuses.getOrDefault(200, 0) > COUNT / 5, "too little gets through: "
                + statuses);
            assertTrue(statuses.getOrDefault(409, 0) > COUNT / 100, "too little is refused: "
                + statuses);
            assertEquals(200, jar.client.send("GET", "/api/health", "").status());
            assertEquals(List.of(), jar.process.log().stream()
                .filter(line -> TRACE.matcher(line).find()).toList(), "seed " + SEED);
            assertTrue(jar.process.log().size() < 100, "the log is brief");
        }
    }

    private static WireClient.Answer send(
            StartedJar jar, RandomRequests.Request request, String where) {
        try {
            return WireClient.await(
                jar.client.sending(request.method(), request.target(), request.body()));
        } catch (IllegalStateException unanswered) {
            return fail(where + " was not answered", unanswered);
        }
    }

    private static void check(
            RandomRequests.Request request, WireClient.Answer answer, String where) {
        String what = where + "\nwas answered " + answer;
        boolean declared = switch (answer.status()) {
            case 200, 400, 404, 409, 425 -> true;
            case 500 -> answer.body().equals("{\"message\":\"no gid specified\"}")
                || answer.body().startsWith("{\"message\":\"your http/grpc result should be");
            default -> false;
        };
        assertTrue(declared, what);
        boolean rpc = request.target().equals("/api/json-rpc");
        boolean mute = answer.status() != 200 && answer.status() != 409;
        assertTrue(rpc || !mute || !answer.mentionsVerdict(), "no verdict, but its word: " + what);
        assertTrue(!rpc || answer.status() == 200 || answer.status() == 400
            || !request.method().equals("POST"), what);
    }
}

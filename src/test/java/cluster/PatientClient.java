package cluster;

import client.CoordinatorProcess;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAccumulator;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/**
 * A client that repeats what was answered with 503, or not at all, with the same gid at the next
 * node, as the documentation asks for; likewise where a node is leaving and says with 425 that the
 * saga is written and goes on elsewhere. A saga that has succeeded before the repetition arrives is
 * refused in DTM's words, so the client then asks what became of it, as the documentation asks for,
 * too. Whatever else goes wrong it remembers.
 */
final class PatientClient implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final HttpClient http = HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(2)).build();
    private final List<CoordinatorProcess> nodes;
    private final String branch;
    private final Thread thread;
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private final AtomicInteger done = new AtomicInteger();
    private final AtomicInteger repeated = new AtomicInteger();
    private final LongAccumulator slowest = new LongAccumulator(Math::max, 0);
    private final Queue<Long> answeredAt = new ConcurrentLinkedQueue<>();
    private volatile String slowestAnswer = "";
    private volatile boolean goesOn = true;

    /** Begins to submit, one saga after the other, and waits for the end of each. */
    PatientClient(String name, List<CoordinatorProcess> nodes, String branch) {
        this.nodes = nodes;
        this.branch = branch;
        this.thread = new Thread(() -> {
            for (int i = 0; goesOn && wrong.isEmpty(); i++) {
                saga(name + "-" + i, i);
            }
        }, name);
        thread.start();
    }

    int done() {
        return done.get();
    }

    int repeated() {
        return repeated.get();
    }

    /** The longest that one request waited for its answer, whatever that was. */
    Duration slowest() {
        return Duration.ofNanos(slowest.get());
    }

    /** That answer, for messages. */
    String slowestAnswer() {
        return slowestAnswer;
    }

    /** When its requests were answered, by {@link System#nanoTime}. */
    List<Long> answeredAt() {
        return List.copyOf(answeredAt);
    }

    /** What should never have been answered. */
    List<String> wrong() {
        return List.copyOf(wrong);
    }

    @Override
    public void close() {
        goesOn = false;
        try {
            thread.join(PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void saga(String gid, int first) {
        String body = """
            {"gid":"%s","trans_type":"saga","wait_result":true,
             "steps":[{"action":"%2$s"},{"action":"%2$s"}],"payloads":["{}","{}"]}"""
            .formatted(gid, branch);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        for (int i = first; System.nanoTime() - deadline < 0; i++) {
            long asked = System.nanoTime();
            String answer = answer(i, body);
            answeredAt.add(System.nanoTime());
            if (System.nanoTime() - asked > slowest.get()) {
                slowestAnswer = gid + ": " + answer;
            }
            slowest.accumulate(System.nanoTime() - asked);
            if (answer.startsWith("200 ")) {
                done.incrementAndGet();
                return;
            }
            if (i > first && answer.startsWith("409 ") && hasSucceeded(i, gid)) {
                done.incrementAndGet();
                return;
            }
            boolean goesOnElsewhere =
                answer.startsWith("425 ") && answer.contains("goes on elsewhere");
            if (!answer.startsWith("503 ") && !goesOnElsewhere && !answer.startsWith("none ")) {
                wrong.add(gid + ": " + answer);
                return;
            }
            repeated.incrementAndGet();
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
        }
        wrong.add(gid + ": nothing but to ask again within " + PATIENCE);
    }

    private boolean hasSucceeded(int from, String gid) {
        return IntStream.range(from, from + 2 * nodes.size())
            .mapToObj(i -> answer(request(i, "/api/dtmsvr/query?gid=" + gid).build()))
            .filter(answer -> answer.startsWith("200 ")).findFirst()
            .filter(answer -> answer.contains("\"status\":\"succeed\"")).isPresent();
    }

    private HttpRequest.Builder request(int i, String path) {
        return HttpRequest.newBuilder(nodes.get(Math.floorMod(i, nodes.size())).uri(path))
            .timeout(Duration.ofSeconds(40));
    }

    private String answer(int i, String body) {
        return answer(request(i, "/api/dtmsvr/submit")
            .POST(HttpRequest.BodyPublishers.ofString(body)).build());
    }

    private String answer(HttpRequest request) {
        try {
            HttpResponse<String> response =
                http.send(request, HttpResponse.BodyHandlers.ofString());
            return response.statusCode() + " " + response.body();
        } catch (HttpConnectTimeoutException slow) {
            return "none " + slow;
        } catch (HttpTimeoutException late) {
            return "late " + late;
        } catch (IOException refused) {
            return "none " + refused;
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }
}

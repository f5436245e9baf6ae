package attack;

import client.CoordinatorProcess;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.HdrHistogram.ConcurrentHistogram;
import org.HdrHistogram.Histogram;

/**
 * Honest clients. Each submits sagas of two branches, one after another, and waits for the result;
 * it repeats what is refused or cut off with the same gid after a second or more.
 */
final class Clients {

    static final int COUNT = 64;

    /** How long a client repeats a saga before it is given up as lost. */
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    /** One saga in so many is refused by its second branch, and is to be compensated. */
    private static final int REFUSED_ONE_IN = 16;

    private static final ObjectMapper JSON = new ObjectMapper();

    /** Time from the first submit to the end, in microseconds. */
    final Histogram took = new ConcurrentHistogram(3);

    /** Answers that said to come again: for want of room, and because it is not decided yet. */
    final LongAdder refused = new LongAdder();

    final LongAdder ongoing = new LongAdder();

    /** Requests without an answer. */
    final LongAdder cut = new LongAdder();

    private final CoordinatorProcess node;
    private final Branches branches;
    private final IntPredicate goesOn;
    private final HttpClient http = HttpClient.newBuilder()
        .version(HttpClient.Version.HTTP_1_1).connectTimeout(Duration.ofSeconds(5)).build();
    private final Queue<Saga> begun = new ConcurrentLinkedQueue<>();
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private final List<Thread> threads;

    private record Saga(String gid, boolean isRefused) {

        String status() {
            return isRefused ? "failed" : "succeed";
        }

        int effect() {
            return isRefused ? Branches.TAKEN_BACK : Branches.BOTH_DONE;
        }
    }

    /** @param goesOn given how many sagas a client has finished, whether it begins another one */
    Clients(CoordinatorProcess node, Branches branches, IntPredicate goesOn) {
        this.node = node;
        this.branches = branches;
        this.goesOn = goesOn;
        this.threads = IntStream.range(0, COUNT).mapToObj(i ->
            new Thread(() -> run(i), "client-" + i)).toList();
    }

    void start() {
        threads.forEach(thread -> {
            thread.setDaemon(true);
            thread.start();
        });
    }

    boolean isAtWork() {
        return threads.stream().anyMatch(Thread::isAlive);
    }

    long finished() {
        return took.getTotalCount();
    }

    /**
     * What did not come to its right end: by what its client was told, by what the coordinator
     * shows, and by the ledger.
     */
    List<String> lost() throws IOException, InterruptedException {
        Map<String, String> shown = shown();
        List<String> lost = new ArrayList<>(wrong);
        for (Saga saga : begun) {
            String status = shown.get(saga.gid);
            if (!saga.status().equals(status) || branches.effect(saga.gid) != saga.effect()) {
                lost.add(saga + " is " + status + ", ledger " + branches.effect(saga.gid));
            }
        }
        return lost;
    }

    private void run(int client) {
        try {
            for (int i = 0; goesOn.test(i) && node.isAlive(); i++) {
                Saga saga = new Saga("honest-" + client + "-" + i,
                    (client + i) % REFUSED_ONE_IN == 0);
                begun.add(saga);
                finish(saga);
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    private void finish(Saga saga) throws InterruptedException {
        String body = body(saga);
        long from = System.nanoTime();
        while (node.isAlive() && System.nanoTime() - from < PATIENCE.toNanos()) {
            try {
                HttpResponse<String> answer = post(body);
                switch (answer.statusCode()) {
                    case 200, 409 -> {
                        if (saga.isRefused == isSuccess(answer)) {
                            wrong.add(saga + " was told " + answer.body());
                        }
                        took.recordValue((System.nanoTime() - from) / 1_000);
                        return;
                    }
                    case 429, 503 -> refused.increment();
                    case 425 -> ongoing.increment();
                    default -> {
                        wrong.add(saga + " was told " + answer.statusCode() + answer.body());
                        return;
                    }
                }
            } catch (IOException noAnswer) {
                cut.increment();
            }
            TimeUnit.MILLISECONDS.sleep(1_000 + ThreadLocalRandom.current().nextInt(1_000));
        }
        wrong.add(saga + " was given up");
    }

    /** Whoever repeats a submit after it has ended hears 409, and the status is the verdict. */
    private static boolean isSuccess(HttpResponse<String> answer) {
        return answer.statusCode() == 200 || answer.body().contains("current status 'succeed'");
    }

    private String body(Saga saga) {
        String yes = branches.url("yes");
        return "{\"gid\":\"" + saga.gid + "\",\"trans_type\":\"saga\",\"wait_result\":true,"
            + "\"steps\":[" + step(yes, yes) + ","
            + step(saga.isRefused ? branches.url("no") : yes, yes)
            + "],\"payloads\":[\"{}\",\"{}\"]}";
    }

    private static String step(String action, String compensate) {
        return "{\"action\":\"" + action + "\",\"compensate\":\"" + compensate + "\"}";
    }

    private HttpResponse<String> post(String body) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(node.uri("/api/dtmsvr/submit"))
            .timeout(Duration.ofSeconds(40)).POST(HttpRequest.BodyPublishers.ofString(body))
            .build(), HttpResponse.BodyHandlers.ofString());
    }

    /** The status of each transaction, page by page. */
    private Map<String, String> shown() throws IOException, InterruptedException {
        Map<String, String> shown = new HashMap<>();
        String position = "";
        do {
            HttpResponse<String> answer = http.send(HttpRequest.newBuilder(
                node.uri("/api/dtmsvr/all?limit=1000&position=" + position))
                .timeout(Duration.ofSeconds(40)).build(), HttpResponse.BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new IOException("list: " + answer.statusCode() + answer.body());
            }
            JsonNode page = JSON.readTree(answer.body());
            page.get("transactions").forEach(row ->
                shown.put(row.get("gid").asText(), row.get("status").asText()));
            position = page.get("next_position").asText();
        } while (!position.isEmpty());
        return shown;
    }
}

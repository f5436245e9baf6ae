package io.pactor.client;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.pactor.client.participant.BranchCall;
import io.pactor.client.participant.CallBack;
import io.pactor.client.participant.HttpAnswer;
import io.pactor.client.participant.Ongoing;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A participant that needs long says by itself how it went; with the real coordinator. */
class CallBackTest {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration JOB = Duration.ofHours(1);

    private final List<CallBack> jobs = new CopyOnWriteArrayList<>();
    private final Pactor pactor = Pactor.connect(SharedCoordinator.url());
    private HttpServer participant;

    @BeforeEach
    void start() throws IOException {
        participant =
            HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        participant.createContext("/", this::begin);
        participant.start();
    }

    @AfterEach
    void stop() {
        participant.stop(0);
        pactor.close();
    }

    @Test
    void aJobThatIsDoneCompletesItsSaga() {
        String gid = begun();

        pactor.complete(jobs.get(0));

        assertInstanceOf(Outcome.Succeeded.class, ended(gid));
        assertEquals(1, jobs.size(), "it was not called again");
        pactor.complete(jobs.get(0)); // Its answer may have been lost.
    }

    @Test
    void aJobThatIsRefusedRollsItsSagaBack() {
        String gid = begun();

        pactor.refuse(jobs.get(0), "no paper");

        assertEquals(new Outcome.RolledBack(gid, "no paper"), ended(gid));
        assertEquals(409, assertThrows(RejectedException.class,
            () -> pactor.complete(jobs.get(0))).status());
    }

    @Test
    void aTokenOpensItsOwnCallAlone() {
        begun();
        BranchCall call = jobs.get(0).call();
        CallBack forged = new CallBack(
            new BranchCall(call.gid(), "saga", "02", "action"), jobs.get(0).token());

        RejectedException thrown =
            assertThrows(RejectedException.class, () -> pactor.complete(forged));

        assertEquals(403, thrown.status());
        assertFalse(thrown.getMessage().contains(jobs.get(0).token()));
        assertFalse(jobs.get(0).toString().contains(jobs.get(0).token()));
        pactor.complete(jobs.get(0));
    }

    @Test
    void withoutATokenThereIsNoCallBack() {
        assertEquals(0, CallBack.from(BranchCall.message("g"), name -> null).stream().count());
    }

    private String begun() {
        String url = "http://127.0.0.1:" + participant.getAddress().getPort();
        Saga saga = pactor.saga().step(Call.post(url + "/print", Map.of("pages", 7)));
        saga.submit();
        await().atMost(PATIENCE).until(() -> jobs.size() == 1);
        return saga.gid();
    }

    private Outcome ended(String gid) {
        await().atMost(PATIENCE).until(() -> pactor.query(gid).orElseThrow().isEnded());
        return pactor.query(gid).orElseThrow().outcome();
    }

    /** Begins a job for each call. */
    private void begin(HttpExchange exchange) throws IOException {
        Map<String, String> query = Stream.of(exchange.getRequestURI().getRawQuery().split("&"))
            .map(pair -> pair.split("=", 2)).collect(Collectors.toMap(pair -> pair[0],
                pair -> URLDecoder.decode(pair[1], StandardCharsets.UTF_8)));
        BranchCall call = BranchCall.from(query::get).orElseThrow();
        jobs.add(CallBack.from(call, exchange.getRequestHeaders()::getFirst).orElseThrow());
        HttpAnswer answer = HttpAnswer.of(Ongoing.untilCompleted(JOB));
        answer.headers().forEach(exchange.getResponseHeaders()::set);
        exchange.sendResponseHeaders(answer.status(), answer.body().length);
        exchange.getResponseBody().write(answer.body());
        exchange.close();
    }
}

package branch;

import static branch.Calls.outcome;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicInteger;
import meter.Meter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import transaction.BranchCall;
import transaction.Limits;
import transaction.Outcome;
import transaction.Protocol;

/** Whose account a call is put on, and that no other host pays for it. */
class RetryBudgetTest {

    private static final int MANY = 100;

    private final Network network = new Network();
    private final Meter meter = Meter.create();
    private final Invokers invokers = Invokers.create(CallSettings.defaults(), meter);

    @AfterEach
    void close() throws Exception {
        invokers.close();
        network.close();
    }

    @Test
    void aHostThatFailsIsNotStormedAndOthersDoNotPayForIt() {
        BadParticipant ill = network.participant();
        BadParticipant well = network.participant();
        AtomicInteger visits = new AtomicInteger();
        ill.on("/", visit -> {
            visits.incrementAndGet();
            visit.send(BadParticipant.answer(500, ""));
        });
        int first = 20;
        for (int i = 0; i < first; i++) {
            assertEquals(Outcome.Kind.UNKNOWN,
                    outcome(invokers.invoke(Calls.action(ill.url("/")))).kind());
        }
        long begin = System.nanoTime();
        int putOff = 0;
        for (int i = 0; i < MANY; i++) {
            Outcome outcome = outcome(invokers.invoke(Calls.again(Calls.action(ill.url("/")))));
            putOff += outcome.kind() == Outcome.Kind.PUT_OFF ? 1 : 0;
            assertEquals(Outcome.Kind.SUCCESS,
                    outcome(invokers.invoke(Calls.again(Calls.action(well.url("/"))))).kind());
        }
        long seconds = 1 + (System.nanoTime() - begin) / 1_000_000_000;

        assertEquals(MANY, putOff + visits.get() - first);
        int burst = RetrySettings.defaults().burst();
        assertTrue(visits.get() - first <= burst + seconds,
                visits + " visits in " + seconds + " s");
        assertTrue(meter.scrape().contains("pactor_branch_hosts_put_off 1.0"), meter.scrape());
        assertEquals(Outcome.Kind.UNKNOWN,
                outcome(invokers.invoke(Calls.action(ill.url("/")))).kind(),
                "first calls are free");
    }

    @Test
    void participantsOverGrpcHaveABudgetToo() {
        String nobody = "127.0.0.1:1/busi.Busi/TransIn";
        BranchCall call = Calls.by(Protocol.GRPC, nobody, "x");
        int putOff = 0;
        for (int i = 0; i < MANY; i++) {
            assertEquals(Outcome.Kind.UNKNOWN, outcome(invokers.invoke(call)).kind());
            Outcome outcome = outcome(invokers.invoke(Calls.again(call)));
            assertNotEquals(Outcome.Kind.FAILURE, outcome.kind());
            if (outcome.kind() == Outcome.Kind.PUT_OFF) {
                putOff++;
                assertEquals("put off: the retry budget of 127.0.0.1:1 is used up",
                        outcome.reason());
            }
        }
        assertTrue(putOff > MANY / 2, putOff + " put off");
    }

    @ParameterizedTest
    @CsvSource({
        "http://p1/act?x=/y, p1", "http://P1:8080/act, p1:8080", "https://p1:8443?x, p1:8443",
        "http://me:secret@p1/, p1", "http://[::1]:80/a, [::1]:80", "http://p1, p1",
        "p2:50051/busi.Busi/In, p2:50051", "dns:///p2:50051/busi.Busi/In, p2:50051",
        "discovery:///busi/busi.Busi/In, busi",
        "'static:a:1,b:2/busi.Busi/In', 'static:a:1,b:2'",
        "http:///act, act", "'', ''", "http://, ''"
    })
    void theAccountIsThatOfHostAndPort(String url, String authority) {
        assertEquals(authority, RetryBudget.authority(url));
    }

    @Test
    void hostsWithoutEndTakeNoMemoryWithoutEnd() {
        RetryBudget budget = new RetryBudget(RetrySettings.defaults());
        HostBudget first = budget.of(Calls.action("http://h0/"));
        for (int i = 1; i < Limits.HOSTS_JUDGED; i++) {
            budget.of(Calls.action("http://h" + i + "/"));
        }
        assertEquals(first, budget.of(Calls.action("http://h0/")));
        HostBudget second = budget.of(Calls.action("http://h1/"));
        for (int i = 0; i < Limits.HOSTS_JUDGED; i++) {
            budget.of(Calls.action("http://other" + i + "/"));
        }
        assertNotEquals(second, budget.of(Calls.action("http://h1/")));
    }
}

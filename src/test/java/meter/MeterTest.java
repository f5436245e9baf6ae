package meter;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The names that boards and alerts rest on. */
final class MeterTest {

    private static final Duration MS = Duration.ofMillis(7);

    @ParameterizedTest
    @ValueSource(strings = {
        "pactor_transactions_started_total{kind=\"saga\"} 1.0",
        "pactor_transactions_finished_total{kind=\"saga\",outcome=\"succeed\"} 1.0",
        "pactor_transaction_duration_seconds_bucket"
                + "{kind=\"saga\",outcome=\"succeed\",le=\"0.01\"} 1",
        "pactor_transaction_duration_seconds_count{kind=\"saga\",outcome=\"succeed\"} 1",
        "pactor_branch_calls_total"
                + "{kind=\"saga\",op=\"action\",protocol=\"http\",result=\"success\"} 1.0",
        "pactor_branch_call_duration_seconds_count"
                + "{op=\"action\",protocol=\"http\",result=\"success\"} 1",
        "pactor_branch_retries_total{op=\"action\"} 1.0",
        "pactor_http_request_duration_seconds_count"
                + "{code=\"200\",method=\"POST\",route=\"submit\"} 1",
        "pactor_grpc_requests_total{code=\"ABORTED\",method=\"submit\"} 1.0",
        "pactor_grpc_request_duration_seconds_count{code=\"ABORTED\",method=\"submit\"} 1",
        "dtm_server_process_total{api=\"submit\",status=\"fail\",type=\"grpc\"} 1.0",
        "pactor_journal_append_duration_seconds_count 1",
        "pactor_journal_append_entries_sum 12.0",
        "pactor_journal_append_failures_total 1.0",
        "pactor_journal_set_back_total 1.0",
        "pactor_transactions_in_flight{kind=\"saga\",status=\"submitted\"} 5.0",
        "pactor_cluster_members 3.0",
        "dtm_transaction_process_total{model=\"saga\",status=\"succeed\"} 1.0",
        "dtm_transaction_handled_duration_count{model=\"saga\"} 1",
        "dtm_branch_process_total{branchtype=\"action\",model=\"saga\",status=\"ok\"} 1.0",
        "dtm_server_process_total{api=\"submit\",status=\"ok\",type=\"http\"} 1.0",
        "dtm_server_response_duration_count{api=\"submit\",type=\"http\"} 1",
        "jvm_memory_used_bytes{"
    })
    void everythingIsPublishedUnderItsName(String line) {
        Meter meter = Meter.create();
        meter.transactionStarted("saga");
        meter.transactionFinished("saga", "succeed", MS);
        meter.branchCall(new Meter.Branch("saga", "action", "http", "success"), MS);
        meter.branchRetry("action");
        meter.httpRequest(new Meter.Http("submit", "POST", 200), MS);
        meter.grpcRequest(new Meter.Grpc("submit", "ABORTED"), MS);
        meter.journalAppend(12, MS);
        meter.journalAppendFailed();
        meter.journalSetBack();
        meter.gauge("pactor_cluster_members", "Nodes", () -> 3);
        meter.gauge(
                "pactor_transactions_in_flight", "Unfinished",
                Map.of("kind", "saga", "status", "submitted"), () -> 5);

        assertTrue(meter.scrape().contains("\n" + line), meter.scrape());
    }

    @Test
    void labelsStayFewWhateverIsPassedIn() {
        Meter meter = Meter.create();

        for (int i = 0; i < 10 * Meter.LABEL_SETS; i++) {
            meter.branchRetry("op-" + i);
            meter.transactionFinished("saga", "outcome-" + i, MS);
        }

        String text = meter.scrape();
        int most = Meter.LABEL_SETS + 1;
        assertEquals(most, lines("pactor_branch_retries_total{", text));
        assertEquals(most, lines("pactor_transaction_duration_seconds_count{", text));
        double other = 9.0 * Meter.LABEL_SETS;
        assertTrue(text.contains("pactor_branch_retries_total{op=\"other\"} " + other), "other");
    }

    @Test
    void aHostsRegistryIsUsedAndNotScraped() {
        SimpleMeterRegistry hosts = new SimpleMeterRegistry();
        Meter meter = Meter.over(hosts);

        meter.transactionStarted("tcc");

        assertEquals(1.0, hosts.counter("pactor.transactions.started", "kind", "tcc").count());
        assertEquals("", meter.scrape());
    }

    private static long lines(String beginning, String text) {
        return text.lines().filter(line -> line.startsWith(beginning)).count();
    }
}

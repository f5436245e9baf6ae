package http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The tables of {@link OutcomeMatrix} and {@link WaitedResults} against the runnable jar. */
class OutcomeMatrixIT {

    private static StartedJar jar;
    private static OutcomeMatrix matrix;

    @BeforeAll
    static void start(@TempDir Path dir) {
        jar = StartedJar.in(dir);
        matrix = new OutcomeMatrix(jar.client, jar.participant.base());
    }

    @AfterAll
    static void stop() {
        jar.close();
    }

    static Stream<OutcomeMatrix.Cell> cells() {
        return OutcomeMatrix.cells();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cells")
    void aRequestMovesTheTransactionOrIsRefused(OutcomeMatrix.Cell cell) {
        matrix.bring(cell);
        jar.awaitStatus(cell.gid(), cell.state());
        jar.awaitRest(cell.gid());
        JsonNode before = jar.record(cell.gid());

        WireClient.Answer answer = matrix.ask(cell);

        assertEquals(cell.status(), answer.status(), answer.body());
        OutcomeMatrix.checkEnvelope(cell, answer);
        if (cell.status() == 200) {
            jar.awaitStatus(cell.gid(), cell.becomes());
        } else {
            assertEquals(before, jar.record(cell.gid()), "nothing was changed");
        }
    }

    @ParameterizedTest(name = "{0} whose participant says {1}: {2}, {3}")
    @CsvSource(textBlock = WaitedResults.SUBMITS)
    void theFirstPassDecidesTheAnswer(
            String mode, String participant, int status, String becomes) {
        String gid = "waits-" + mode + "-" + participant;
        WaitedResults.join(jar.client, gid, mode, jar.url(participant));

        WireClient.Answer answer = jar.client.post(
            "submit", WaitedResults.submit(gid, mode, jar.url(participant)));

        assertEquals(status, answer.status(), answer.body());
        WaitedResults.checkBody(answer);
        assertEquals(becomes, jar.status(gid));
        assertEquals(1, jar.participant.calls(gid).size(), "one pass");
    }

    @ParameterizedTest(name = "aborted tcc whose participant says {0}: {1}, {2}")
    @CsvSource(textBlock = WaitedResults.ABORTS)
    void anAbortWaitsToo(String participant, int status, String becomes) {
        String gid = "aborts-" + participant;
        WaitedResults.join(jar.client, gid, "tcc", jar.url(participant));

        WireClient.Answer answer = jar.client.post("abort", Requests.bare(gid, "tcc"));

        assertEquals(status, answer.status(), answer.body());
        WaitedResults.checkBody(answer);
        assertEquals(becomes, jar.status(gid));
    }

    @Test
    void aDelayedMessageIsNotFinished() {
        WireClient.Answer answer = jar.client.post("submit",
            WaitedResults.submit("delayed", "msg", jar.url("yes"))
                .replaceFirst("\\{", "{\"custom_data\":\"{\\\\\"delay\\\\\":10}\","));

        assertEquals(425, answer.status(), answer.body());
        assertEquals("submitted", jar.status("delayed"));
        assertEquals(0, jar.participant.calls("delayed").size());
    }
}

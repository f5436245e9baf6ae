package bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import credential.ToolCredentials;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.UnpooledByteBufAllocator;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class RequestTemplateTest {

    private static final GidSequence GIDS = new GidSequence(0xcafe);
    private static final String ANY = GIDS.text(0, 0);
    private static final Duration SECOND = Duration.ofSeconds(1);

    private static String text(RequestTemplate template, int slot, long number) {
        ByteBuf buffer = template.fill(UnpooledByteBufAllocator.DEFAULT, slot, number);
        String text = buffer.toString(StandardCharsets.UTF_8);
        buffer.release();
        return text;
    }

    private static BenchPlan plan(Workload workload) {
        return new BenchPlan(URI.create("http://h:1/api/dtmsvr"), Optional.empty(),
                ToolCredentials.NONE, "", workload, true, 1, 1, 0, "127.0.0.1",
                new BenchPlan.Times(SECOND, SECOND, SECOND, SECOND));
    }

    @Test
    void onlyTheGidChanges() {
        RequestTemplate template =
                RequestTemplate.get(URI.create("http://h:1/query?gid=" + ANY), ANY,
                        Map.of("Authorization", "Bearer t"));

        assertEquals("GET /query?gid=bench-0000cafe-00ab-0000000c HTTP/1.1\r\nHost: h:1\r\n"
                + "Accept: application/json\r\nAuthorization: Bearer t\r\n\r\n",
                text(template, 0xab, 12));
    }

    @Test
    void aGidIsReadBackFromTheUrlOfABranchCall() {
        String uri = "/action/1?branch_id=01&gid="
            + GIDS.text(65_535, GidSequence.NUMBER_MAX) + "&op=a";

        int at = GIDS.findIn(uri);

        assertEquals(65_535, GidSequence.slotAt(uri, at));
        assertEquals(GidSequence.NUMBER_MAX, GidSequence.numberAt(uri, at));
        assertEquals(-1, new GidSequence(1).findIn(uri));
        assertEquals(-1, GIDS.findIn("/action/1?gid=bench-0000cafe-00"));
        assertEquals(-1, GidSequence.slotAt("bench-0000cafe-zzzz-00000000", 0));
    }

    @ParameterizedTest
    @EnumSource(Workload.class)
    void eachBodyIsJsonOfTheLengthItSaysAndNamesTheTransaction(Workload workload)
            throws IOException {
        List<Script.Request> script = Script.of(plan(workload), "http://127.0.0.1:2", ANY);

        for (Script.Request request : script) {
            String text = text(request.template(), 3, 5);
            String[] parts = text.split("\r\n\r\n", 2);
            JsonNode body = new ObjectMapper().readTree(parts[1]);
            assertTrue(parts[0].contains("Content-Length: " + parts[1].length()), text);
            assertTrue(request.toParticipant()
                    ? parts[0].contains("gid=" + GIDS.text(3, 5))
                    : body.path("gid").asText().equals(GIDS.text(3, 5)), text);
            assertTrue(request.toParticipant()
                    || body.path("trans_type").asText().equals(workload.mode()), text);
        }
    }

    @Test
    void aStepsPayloadIsJsonInAString() throws IOException {
        Script.Request submit =
                Script.of(plan(Workload.SAGA_ROLLBACK), "http://127.0.0.1:2", ANY).get(0);

        String text = text(submit.template(), 3, 5);
        JsonNode body = new ObjectMapper().readTree(text.substring(text.indexOf("\r\n\r\n")));

        assertTrue(body.path("wait_result").asBoolean());
        assertEquals("http://127.0.0.1:2/refuse/2", body.at("/steps/1/action").asText());
        assertEquals("http://127.0.0.1:2/compensate/2", body.at("/steps/1/compensate").asText());
        assertEquals(30, new ObjectMapper().readTree(body.at("/payloads/1").asText())
                .path("amount").asInt());
        assertEquals(409, submit.expects());
    }
}

package grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.protobuf.ByteString;
import http.Door;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import wire.DtmBranchRequest;
import wire.DtmProgressesReply;
import wire.DtmRequest;
import wire.DtmTransOptions;

/** DTM's gRPC service. */
public final class GrpcDoor implements Door {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final DtmClient client;

    public GrpcDoor(DtmClient client) {
        this.client = client;
    }

    @Override
    public String name() {
        return "grpc";
    }

    @Override
    public Set<String> calls() {
        return Set.of("prepare", "submit", "abort", "registerBranch", "prepareWorkflow");
    }

    @Override
    public String ask(String call, String body) {
        JsonNode said;
        try {
            said = JSON.readTree(body);
        } catch (JsonProcessingException broken) {
            throw new IllegalArgumentException(body, broken);
        }
        DtmClient.Answer<?> answer = switch (call) {
            case "registerBranch" -> client.register(branch(said));
            case "prepareWorkflow" -> client.prepareWorkflow(transaction(said));
            default -> client.ask(
                call.substring(0, 1).toUpperCase(Locale.ROOT) + call.substring(1),
                transaction(said));
        };
        if (answer.message() instanceof DtmProgressesReply found) {
            assertEquals(said.get("gid").asText(), found.getTransaction().getGid());
        }
        check(answer);
        return answer.code();
    }

    @Override
    public String told(int status) {
        return switch (status) {
            case 200 -> "OK";
            case 400 -> "INVALID_ARGUMENT";
            case 404 -> "NOT_FOUND";
            case 409 -> "ABORTED";
            case 425 -> "FAILED_PRECONDITION";
            case 429 -> "RESOURCE_EXHAUSTED";
            case 500 -> "UNKNOWN";
            case 503 -> "UNAVAILABLE";
            default -> throw new IllegalArgumentException("HTTP alone has " + status);
        };
    }

    /** A verdict ends in its word, and no other answer has the word in it. */
    static void check(DtmClient.Answer<?> answer) {
        boolean verdict = answer.code().equals("ABORTED");
        String what = answer.status().toString();
        assertEquals(verdict, answer.text().endsWith(" FAILURE"), what);
        assertTrue(verdict || !answer.text().toUpperCase(Locale.ROOT).contains("FAILURE"), what);
        assertTrue(answer.code().equals("OK") || !answer.text().isEmpty(), what);
    }

    private static DtmRequest transaction(JsonNode said) {
        DtmRequest.Builder request = DtmRequest.newBuilder()
            .setGid(said.path("gid").asText())
            .setTransType(said.path("trans_type").asText())
            .setSteps(said.path("steps").toString())
            .setQueryPrepared(said.path("query_prepared").asText())
            .setCustomedData(said.path("custom_data").asText())
            .setRollbackReason(said.path("rollback_reason").asText())
            .putAllReqExtra(texts(said.path("req_extra")));
        said.path("payloads").forEach(
            each -> request.addBinPayloads(ByteString.copyFromUtf8(each.asText())));
        if (said.has("wait_result")) {
            request.setTransOptions(DtmTransOptions.newBuilder()
                .setWaitResult(said.get("wait_result").asBoolean()));
        }
        return request.build();
    }

    private static DtmBranchRequest branch(JsonNode said) {
        Map<String, String> data = texts(said);
        data.keySet().retainAll(List.of("confirm", "cancel", "url", "op", "status"));
        return DtmBranchRequest.newBuilder()
            .setGid(said.path("gid").asText())
            .setTransType(said.path("trans_type").asText())
            .setBranchID(said.path("branch_id").asText())
            .putAllData(data)
            .setBusiPayload(ByteString.copyFromUtf8(said.path("data").asText()))
            .build();
    }

    private static Map<String, String> texts(JsonNode object) {
        Map<String, String> all = new HashMap<>();
        object.fields().forEachRemaining(
            each -> all.put(each.getKey(), each.getValue().asText()));
        return all;
    }
}

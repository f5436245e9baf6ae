package workflow;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Workflows over HTTP: results are text in UTF-8. */
final class HttpWire implements CoordinatorWire {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http = HttpClient.newHttpClient();
    private final String base;

    /** @param address {@code host:port} of the coordinator */
    HttpWire(String address) {
        base = "http://" + address + "/api/dtmsvr/";
    }

    @Override
    public Known prepare(String gid, String name, byte[] data, String callback) {
        String custom = JSON.createObjectNode().put("name", name)
            .put("data", Base64.getEncoder().encodeToString(data)).toString();
        ObjectNode body = about(gid).put("query_prepared", callback).put("custom_data", custom)
            .put("retry_interval", 1);
        HttpResponse<String> answer = post("prepareWorkflow", body);
        if (answer.statusCode() != 200) {
            throw new IllegalStateException("prepareWorkflow was answered " + answer.body());
        }
        try {
            JsonNode known = JSON.readTree(answer.body());
            List<Progress> progresses = new ArrayList<>();
            for (JsonNode each : known.path("progresses")) {
                progresses.add(new Progress(each.path("branch_id").asText(),
                    each.path("op").asText(), each.path("status").asText(),
                    Base64.getDecoder().decode(each.path("bin_data").asText())));
            }
            JsonNode transaction = known.path("transaction");
            return new Known(transaction.path("status").asText(),
                Base64.getDecoder().decode(transaction.path("result").asText("")), progresses);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean record(String gid, Progress progress) {
        return accepted(post("registerBranch", about(gid).put("branch_id", progress.branch())
            .put("op", progress.op()).put("status", progress.status())
            .put("data", new String(progress.data(), StandardCharsets.UTF_8))));
    }

    @Override
    public boolean finish(String gid, String status, byte[] result, String reason) {
        ObjectNode body = about(gid);
        body.putObject("req_extra").put("status", status)
            .put("result", Base64.getEncoder().encodeToString(result))
            .put("rollback_reason", reason);
        return accepted(post("submit", body));
    }

    @Override
    public void close() {}

    private static boolean accepted(HttpResponse<String> answer) {
        if (answer.statusCode() != 200 && answer.statusCode() != 409) {
            throw new IllegalStateException("the coordinator answered " + answer.body());
        }
        return answer.statusCode() == 200;
    }

    private static ObjectNode about(String gid) {
        return JSON.createObjectNode().put("gid", gid).put("trans_type", "workflow");
    }

    private HttpResponse<String> post(String path, ObjectNode body) {
        HttpRequest request = HttpRequest.newBuilder(URI.create(base + path))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body.toString())).build();
        try {
            return http.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}

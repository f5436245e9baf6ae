package bench;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.netty.handler.ssl.JdkSslContext;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.HttpsURLConnection;

/**
 * What a coordinator tells about itself.
 *
 * @param version from {@code version}; "unknown" if it does not tell
 * @param durability from the field {@code durability} of {@code /api/health}; empty if it does not
 *     tell
 * @param serving whether its health does not say "not yet" (503); true where there is no health
 */
record CoordinatorFacts(String version, String durability, boolean serving) {

    private static final int WITHIN_MILLIS = 5_000;
    private static final int ANSWER_BYTES_MAX = 64 * 1024;

    /**
     * Asks. Blocks, for at most a few seconds.
     *
     * @throws IOException if nobody answers there
     */
    static CoordinatorFacts ask(BenchPlan plan) throws IOException {
        Answer health = get(plan, URI.create(plan.root() + "/api/health"));
        Answer version = get(plan, URI.create(plan.coordinator() + "/version"));
        String known = version.json().path("version").asText("");
        return new CoordinatorFacts(known.isEmpty() ? "unknown" : known,
                health.json().path("durability").asText(""), health.status() != 503);
    }

    private record Answer(int status, JsonNode json) {}

    private static Answer get(BenchPlan plan, URI url) throws IOException {
        HttpURLConnection connection = (HttpURLConnection) url.toURL().openConnection();
        connection.setConnectTimeout(WITHIN_MILLIS);
        connection.setReadTimeout(WITHIN_MILLIS);
        connection.setInstanceFollowRedirects(false);
        plan.shown().forEach(connection::setRequestProperty);
        if (connection instanceof HttpsURLConnection encrypted) {
            encrypted.setSSLSocketFactory(
                    ((JdkSslContext) plan.tls().orElseThrow()).context().getSocketFactory());
        }
        int status = connection.getResponseCode();
        try (InputStream body = status < 400
                ? connection.getInputStream() : connection.getErrorStream()) {
            String text = body == null ? "" : new String(
                    body.readNBytes(ANSWER_BYTES_MAX), StandardCharsets.UTF_8);
            return new Answer(status, json(text));
        }
    }

    private static JsonNode json(String text) {
        ObjectMapper mapper = new ObjectMapper();
        try {
            JsonNode read = mapper.readTree(text);
            return read == null ? mapper.missingNode() : read;
        } catch (IOException notJson) {
            return mapper.missingNode();
        }
    }
}

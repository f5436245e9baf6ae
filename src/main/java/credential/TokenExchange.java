package credential;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.StringJoiner;
import transaction.Chars;

/** What is said to an authorization server, and what its answer means (RFC 6749, 4.4 and 5). */
public final class TokenExchange {

    /** How much of an answer is read: tokens have up to some thousand characters. */
    public static final int ANSWER_BYTES = 65_536;

    private static final JsonFactory JSON = JsonFactory.builder()
        .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
        .disable(JsonFactory.Feature.INTERN_FIELD_NAMES).build();

    private TokenExchange() {}

    /** The headers of the POST. */
    public static Map<String, String> headers(TokenServer.Asked asked) {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("content-type", "application/x-www-form-urlencoded");
        headers.put("accept", "application/json");
        if (!asked.isInBody()) {
            // Encoded before they are joined (RFC 6749, 2.3.1).
            String both = encoded(asked.client()) + ":" + encoded(asked.secret());
            headers.put("authorization", "Basic " + Base64.getEncoder()
                .encodeToString(both.getBytes(StandardCharsets.UTF_8)));
        }
        return headers;
    }

    /** The body of the POST. */
    public static String body(TokenServer.Asked asked) {
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("grant_type", "client_credentials");
        if (asked.isInBody()) {
            fields.put("client_id", asked.client());
            fields.put("client_secret", asked.secret());
        }
        if (!asked.scope().isEmpty()) {
            fields.put("scope", asked.scope());
        }
        if (!asked.audience().isEmpty()) {
            fields.put("audience", asked.audience());
        }
        StringJoiner form = new StringJoiner("&");
        fields.forEach((name, value) -> form.add(name + "=" + encoded(value)));
        return form.toString();
    }

    /**
     * The token in an answer. Of what a server says in words nothing is repeated, since it might be
     * the secret.
     *
     * @throws NoToken if there is none
     */
    public static TokenServer.Token read(int status, byte[] body) {
        Map<String, String> members;
        try {
            members = members(body);
        } catch (IOException noJson) {
            if (status == 200) {
                throw new NoToken("the token server did not answer in JSON");
            }
            members = Map.of();
        }
        if (status != 200) {
            String code = members.getOrDefault("error", "");
            throw new NoToken("the token server answered " + status
                + (code.matches("[a-z_]{1,40}") ? " (" + code + ")" : ""));
        }
        if (!members.getOrDefault("token_type", "Bearer").equalsIgnoreCase("Bearer")) {
            throw new NoToken("the token server gives no token of the type Bearer");
        }
        String token = members.getOrDefault("access_token", "");
        if (token.isEmpty() || !Chars.all(token, c -> c > ' ' && c < 0x7f)) {
            throw new NoToken("the token server's answer has no access_token that can be sent");
        }
        return new TokenServer.Token(token, life(members.getOrDefault("expires_in", "")));
    }

    /** Seconds; what is none, or none left, counts as not said. */
    private static Optional<Duration> life(String seconds) {
        String whole = seconds.replaceFirst("\\.[0-9]*$", "");
        boolean isNumber = whole.matches("[0-9]{1,12}") && Long.parseLong(whole) > 0;
        return isNumber ? Optional.of(Duration.ofSeconds(Long.parseLong(whole)))
            : Optional.empty();
    }

    /** Those of an object that are no objects themselves. */
    private static Map<String, String> members(byte[] json) throws IOException {
        Map<String, String> members = new LinkedHashMap<>();
        try (JsonParser parser = JSON.createParser(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return members;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (value != null && value.isScalarValue() && value != JsonToken.VALUE_NULL) {
                    members.put(name, parser.getText());
                } else {
                    parser.skipChildren();
                }
            }
        }
        return members;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}

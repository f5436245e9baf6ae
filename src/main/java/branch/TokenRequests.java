package branch;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import credential.NoToken;
import credential.TokenServer;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import signature.CallSigner;
import transaction.Bytes;
import transaction.Chars;
import transaction.Limits;
import wire.ForeignJson;

/**
 * Asks authorization servers for tokens (RFC 6749, 4.4), over the connections of calls: with their
 * threads, their TLS and the rules of what may be called.
 */
final class TokenRequests implements TokenServer {

    private final HttpTransport transport;

    TokenRequests(HttpTransport transport) {
        this.transport = transport;
    }

    @Override
    public CompletionStage<Token> fetch(Asked asked) {
        Receipt receipt = new Receipt();
        try {
            Map<String, String> headers = new LinkedHashMap<>();
            headers.put("content-type", "application/x-www-form-urlencoded");
            headers.put("accept", "application/json");
            if (!asked.isInBody()) {
                // Encoded before they are joined (RFC 6749, 2.3.1).
                headers.put("authorization", "Basic " + Bytes.utf8(
                        encoded(asked.client()) + ":" + encoded(asked.secret())).toBase64());
            }
            Target target = Target.parse(asked.url());
            Request plain = Request.post(
                    target, headers, Bytes.utf8(form(asked)), Limits.TOKEN_FETCH, CallSigner.NONE);
            transport.send(new Request(plain.origin(), plain.wire(), plain.timeout(),
                    Limits.TOKEN_ANSWER_BYTES), receipt);
        } catch (Unsendable e) {
            receipt.fail("the token server cannot be called: " + e.getMessage());
        }
        return receipt;
    }

    private static String form(Asked asked) {
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
        StringBuilder form = new StringBuilder();
        fields.forEach((name, value) -> form.append(form.isEmpty() ? "" : "&")
                .append(name).append('=').append(encoded(value)));
        return form.toString();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    /** The members of the answer that matter; no others are kept. */
    private static Map<String, String> members(byte[] json) throws IOException {
        Map<String, String> members = new LinkedHashMap<>();
        try (JsonParser parser = ForeignJson.payload(json)) {
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                return members;
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken value = parser.nextToken();
                if (value.isScalarValue() && value != JsonToken.VALUE_NULL) {
                    members.put(name, parser.getText());
                } else {
                    parser.skipChildren();
                }
            }
        }
        return members;
    }

    /** Turns the end of an exchange into a token. Nothing of what was said is repeated. */
    private static final class Receipt extends CompletableFuture<Token>
            implements Exchange.Listener {

        @Override
        public void answered(Answer answer) {
            try {
                read(answer);
            } catch (IOException noJson) {
                fail("the token server did not answer in JSON");
            } finally {
                // Whatever was thrown, who waits must hear of it.
                fail("the token server's answer could not be read");
            }
        }

        private void read(Answer answer) throws IOException {
            if (answer.status() != 200) {
                fail("the token server answered " + answer.status() + error(answer));
                return;
            }
            Map<String, String> members = members(answer.beginning());
            String token = members.getOrDefault("access_token", "");
            String type = members.getOrDefault("token_type", "Bearer");
            if (answer.isFlawed()) {
                fail("the token server's answer cannot be relied on: " + answer.flaw());
            } else if (!type.equalsIgnoreCase("Bearer")) {
                fail("the token server gives no token of the type Bearer");
            } else if (token.isEmpty() || !Chars.all(token, c -> c > ' ' && c < 0x7f)) {
                fail("the token server's answer has no access_token that can be sent");
            } else {
                complete(new Token(token, life(members.getOrDefault("expires_in", ""))));
            }
        }

        /** Seconds; what is none, or none left, counts as not said. */
        private static Optional<Duration> life(String seconds) {
            String whole = seconds.replaceFirst("\\.[0-9]*$", "");
            boolean isNumber = whole.matches("[0-9]{1,12}") && Long.parseLong(whole) > 0;
            return isNumber ? Optional.of(Duration.ofSeconds(Long.parseLong(whole)))
                    : Optional.empty();
        }

        /** Its code (RFC 6749, 5.2), if that is one: any other text might be the secret. */
        private static String error(Answer answer) {
            try {
                String code = members(answer.beginning()).getOrDefault("error", "");
                return code.matches("[a-z_]{1,40}") ? " (" + code + ")" : "";
            } catch (IOException noJson) {
                return "";
            }
        }

        @Override
        public void failed(String reason) {
            fail("the token server gave no answer: " + reason);
        }

        @Override
        public void heldBack(String reason) {
            fail("the token server was not asked: " + reason);
        }

        @Override
        public void forbidden(String reason) {
            fail("the token server may not be called: " + reason);
        }

        private void fail(String reason) {
            completeExceptionally(new NoToken(reason));
        }
    }
}

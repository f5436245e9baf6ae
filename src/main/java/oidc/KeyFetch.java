package oidc;

import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.util.JSONObjectUtils;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import tls.TlsRules;

/**
 * Fetches the keys of an issuer over HTTP: from where it was told, or from where the issuer's
 * discovery says (OpenID Connect Discovery 1.0). Follows no redirects.
 */
final class KeyFetch implements KeySource {

    /** For each of the two requests, from the first byte that is sent to the last that comes. */
    static final Duration TIMEOUT = Duration.ofSeconds(10);

    /** The longest answer: some hundred keys with their certificates. */
    static final int BYTES_MAX = 1 << 20;

    /** Keys that are looked at: an issuer has two or three, and large ones a dozen. */
    static final int KEYS_MAX = 100;

    static final String DISCOVERY = "/.well-known/openid-configuration";

    private final OidcRules rules;
    private final Duration timeout;
    private SSLContext tls;
    private HttpClient http;

    KeyFetch(OidcRules rules) {
        this(rules, TIMEOUT);
    }

    KeyFetch(OidcRules rules, Duration timeout) {
        this.rules = rules;
        this.timeout = timeout;
    }

    /** One of the authorities that count now: a connection of the former ones is not used again. */
    private synchronized HttpClient http() {
        SSLContext now = rules.tls().get();
        if (now != tls) {
            SSLParameters parameters = new SSLParameters(
                TlsRules.suites(now).toArray(String[]::new),
                TlsRules.PROTOCOLS.toArray(String[]::new));
            http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
                .followRedirects(HttpClient.Redirect.NEVER).connectTimeout(timeout)
                .sslContext(now).sslParameters(parameters).build();
            tls = now;
        }
        return http;
    }

    @Override
    public List<VerifyingKey> fetch() throws IOException {
        Optional<URI> told = rules.keysUrl();
        URI from = told.isPresent() ? told.get() : discovered();
        List<VerifyingKey> keys;
        try {
            List<JWK> all = JWKSet.parse(get(from)).getKeys();
            keys = all.stream().limit(KEYS_MAX)
                .flatMap(key -> VerifyingKey.of(key).stream()).toList();
        } catch (ParseException | IllegalArgumentException broken) {
            throw new IOException(from + " does not answer with a set of keys (JWKS)");
        }
        if (keys.isEmpty()) {
            throw new IOException(from + " has no key that can be used here: RSA of "
                + VerifyingKey.RSA_BITS_MIN + " bits, P-256 or Ed25519, for signatures");
        }
        return keys;
    }

    private URI discovered() throws IOException {
        URI at = URI.create(rules.issuer().toString().replaceAll("/$", "") + DISCOVERY);
        try {
            Map<String, Object> document = JSONObjectUtils.parse(get(at));
            String issuer = JSONObjectUtils.getString(document, "issuer");
            if (!rules.issuer().toString().equals(issuer)) {
                throw new IOException(at + " is that of another issuer: \"" + issuer + "\"");
            }
            URI keys = JSONObjectUtils.getURI(document, "jwks_uri");
            boolean isSafe = keys != null && (keys.getScheme().equals("https")
                || keys.getScheme().equals("http") && rules.issuer().getScheme().equals("http"));
            if (!isSafe) {
                throw new IOException(at + " names no url of keys (jwks_uri) with https");
            }
            return keys;
        } catch (ParseException | RuntimeException broken) {
            throw new IOException(at + " does not answer as OpenID Connect's discovery does");
        }
    }

    private String get(URI uri) throws IOException {
        CompletableFuture<HttpResponse<byte[]>> answer = http().sendAsync(
            HttpRequest.newBuilder(uri).timeout(timeout)
                .header("Accept", "application/json").build(),
            head -> new BoundedBody(BYTES_MAX));
        try {
            HttpResponse<byte[]> got = answer.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
            if (got.statusCode() != 200) {
                throw new IOException(uri + " answers with " + got.statusCode());
            }
            return new String(got.body(), StandardCharsets.UTF_8);
        } catch (ExecutionException failed) {
            throw new IOException(uri + " cannot be read: " + failed.getCause(), failed);
        } catch (TimeoutException late) {
            throw new IOException(uri + " does not answer within " + timeout.toMillis() + " ms");
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            throw new IOException("the server stops", stopped);
        } finally {
            answer.cancel(true);
        }
    }
}

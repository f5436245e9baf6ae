package credential;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.net.ssl.SSLContext;
import transaction.HttpUrl;
import transaction.InvalidRequest;

/**
 * What a tool shows those whom it calls, from the same file as the coordinator, so that no secret
 * stands in a command line. Methods block. Thread-safe.
 */
public final class ToolCredentials {

    /** Nobody is shown anything. */
    public static final ToolCredentials NONE = new ToolCredentials(Optional.empty(), Map.of());

    private static final Duration FETCH_WITHIN = Duration.ofSeconds(5);

    private final Optional<ParticipantCredentials> credentials;
    private final Map<String, HeaderValue> always;

    private ToolCredentials(
            Optional<ParticipantCredentials> credentials, Map<String, HeaderValue> always) {
        this.credentials = credentials;
        this.always = always;
    }

    /**
     * The token in a file, for whoever is called: for tools that call only whom they were told to.
     *
     * @throws IllegalArgumentException if there is none in it
     */
    public static ToolCredentials bearer(Path file) {
        return new ToolCredentials(Optional.empty(), Map.of("Authorization",
            HeaderValue.of("Bearer",
                CredentialEntry.secret(file, ParticipantCredentials.bytes(file)))));
    }

    /** @throws IllegalArgumentException if the file, or one that it names, cannot be used */
    public static ToolCredentials read(Path file) {
        return new ToolCredentials(Optional.of(
            ParticipantCredentials.read(Optional.of(file), Optional.empty())), Map.of());
    }

    /**
     * The header for {@code url}, if there is one.
     *
     * @throws NoToken if it takes a token that cannot be had
     */
    public Map<String, String> headers(String url) {
        Optional<Credential> found = credentials.flatMap(all -> site(url).flatMap(all::of));
        if (found.isEmpty()) {
            return always.entrySet().stream().collect(Collectors.toUnmodifiableMap(
                Map.Entry::getKey, each -> each.getValue().reveal()));
        }
        try {
            return Map.of(found.get().header(), found.get().value(this::fetch)
                .toCompletableFuture().join().reveal());
        } catch (CompletionException failed) {
            throw failed.getCause() instanceof NoToken none ? none
                : new NoToken(failed.getCause().getClass().getSimpleName());
        }
    }

    /** {@code said}, an answer to a request with {@code headers}, without their values. */
    public static byte[] hidden(Map<String, String> headers, byte[] said) {
        byte[] shown = said;
        for (String value : headers.values()) {
            String text = new String(shown, StandardCharsets.ISO_8859_1);
            shown = HeaderValue.of("", value).hiddenIn(text).getBytes(StandardCharsets.ISO_8859_1);
        }
        return shown;
    }

    /** With what TLS {@code url} is spoken to, if it is another than usual. */
    public Optional<SSLContext> tls(String url) {
        return credentials.flatMap(all -> site(url).flatMap(all::identity)).map(Identity::context);
    }

    private static Optional<Site> site(String url) {
        try {
            return Optional.of(Site.of(HttpUrl.parse(url)));
        } catch (InvalidRequest noUrl) {
            return Optional.empty();
        }
    }

    private CompletionStage<TokenServer.Token> fetch(TokenServer.Asked asked) {
        HttpClient.Builder builder = HttpClient.newBuilder().connectTimeout(FETCH_WITHIN)
            .version(HttpClient.Version.HTTP_1_1).followRedirects(HttpClient.Redirect.NEVER);
        tls(asked.url()).ifPresent(builder::sslContext);
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(asked.url()))
            .timeout(FETCH_WITHIN)
            .POST(HttpRequest.BodyPublishers.ofString(TokenExchange.body(asked)));
        TokenExchange.headers(asked).forEach(request::header);
        CompletableFuture<HttpResponse<byte[]>> sent =
            builder.build().sendAsync(request.build(), BodyHandlers.ofByteArray());
        return sent.orTimeout(FETCH_WITHIN.toMillis(), TimeUnit.MILLISECONDS)
            .handle((answer, failed) -> {
                if (failed != null) {
                    Throwable cause = failed.getCause() instanceof IOException io ? io : failed;
                    throw new NoToken("the token server gave no answer: " + cause);
                }
                return TokenExchange.read(answer.statusCode(), answer.body());
            });
    }
}

package io.pactor.client;

import java.io.IOException;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * A token of an authorization server, kept while it is good. The next one is fetched before it
 * ends, while requests go on with the old one. There is one fetch at a time; requests that find no
 * token wait for it, and are repeated with their own back-off if it fails.
 */
final class FetchedToken implements Authorization {

    /** Of one fetch. */
    static final Duration FETCH_WITHIN = Duration.ofSeconds(5);

    /** A token whose server does not say how long it is good for. */
    static final Duration LIFE_UNSAID = Duration.ofMinutes(5);

    /** Beyond it a number is a mistake, or another unit. */
    static final Duration LIFE_MAX = Duration.ofDays(7);

    /** So long before its end the next one is fetched; a quarter of its life if that is less. */
    static final Duration FETCHED_BEFORE_END = Duration.ofSeconds(60);

    /** So long before its end it is not sent any more; a tenth of its life if that is less. */
    static final Duration UNUSED_BEFORE_END = Duration.ofSeconds(10);

    /** After a fetch that failed there is none for this long; requests hear at once why. */
    static final Duration FETCH_PAUSE = Duration.ofMillis(500);

    /** A coordinator that refuses each token must not keep the server of tokens busy. */
    static final Duration REFUSED_PAUSE = Duration.ofMinutes(1);

    private static final int ANSWER_BYTES_MAX = 65_536;
    private static final int TOKEN_CHARS_MAX = 16_384;
    private static final int SECRET_BYTES_MAX = 16_384;

    private final ClientCredentials credentials;
    private final HttpClient http;
    private final LongSupplier nanoTime;

    private String value;
    private long askedAt;
    private Duration life = Duration.ZERO;
    private CompletableFuture<String> fetching;
    private String problem;
    private long failedAt;
    private boolean wasRefused;
    private long refusedAt;

    private record Token(String header, Duration life) {}

    FetchedToken(ClientCredentials credentials, HttpClient http, LongSupplier nanoTime) {
        this.credentials = credentials;
        this.http = http;
        this.nanoTime = nanoTime;
    }

    /** @throws IllegalStateException if there is no secret in the file */
    static FetchedToken of(ClientCredentials credentials, HttpClient http) {
        try {
            secret(credentials.secretFile());
        } catch (IOException e) {
            throw new IllegalStateException(e.getMessage(), e);
        }
        return new FetchedToken(credentials, http, System::nanoTime);
    }

    @Override
    public CompletableFuture<String> header() {
        CompletableFuture<String> mine = null;
        CompletableFuture<String> answer;
        synchronized (this) {
            boolean isFresh = isWithin(life.minus(least(FETCHED_BEFORE_END, 4)));
            boolean isGood = isWithin(life.minus(least(UNUSED_BEFORE_END, 10)));
            boolean isPausing = problem != null
                && nanoTime.getAsLong() - failedAt < FETCH_PAUSE.toNanos();
            if (!isFresh && fetching == null && !isPausing) {
                mine = new CompletableFuture<>();
                fetching = mine;
            }
            answer = isGood ? CompletableFuture.completedFuture(value)
                : fetching != null ? fetching.copy()
                : CompletableFuture.failedFuture(new NoTokenException(problem));
        }
        if (mine != null) {
            fetch(mine);
        }
        return answer;
    }

    @Override
    public synchronized boolean refused(String header) {
        long now = nanoTime.getAsLong();
        if (wasRefused && now - refusedAt < REFUSED_PAUSE.toNanos()) {
            return !header.equals(value);
        }
        if (header.equals(value)) {
            wasRefused = true;
            refusedAt = now;
            value = null;
        }
        return true;
    }

    private void fetch(CompletableFuture<String> mine) {
        long begin = nanoTime.getAsLong();
        CompletableFuture<HttpResponse<String>> sent;
        try {
            sent = http.sendAsync(request(), head -> new BoundedText(ANSWER_BYTES_MAX));
        } catch (IOException | RuntimeException e) {
            sent = CompletableFuture.failedFuture(e);
        }
        CompletableFuture<HttpResponse<String>> exchange = sent;
        sent.copy().orTimeout(FETCH_WITHIN.toNanos(), TimeUnit.NANOSECONDS)
            .thenApply(FetchedToken::token)
            .whenComplete((token, thrown) -> {
                exchange.cancel(true);
                String wrong = token != null ? null
                    : "no token for " + credentials + ": " + words(thrown);
                took(token, begin, wrong);
                if (token != null) {
                    mine.complete(token.header());
                } else {
                    mine.completeExceptionally(new NoTokenException(wrong));
                }
            });
    }

    private synchronized void took(Token token, long begin, String wrong) {
        fetching = null;
        problem = wrong;
        failedAt = nanoTime.getAsLong();
        if (token != null) {
            value = token.header();
            life = token.life();
            askedAt = begin;
        }
    }

    private HttpRequest request() throws IOException {
        String secret = secret(credentials.secretFile());
        Map<String, String> fields = new LinkedHashMap<>();
        fields.put("grant_type", "client_credentials");
        if (credentials.isInBody()) {
            fields.put("client_id", credentials.clientId());
            fields.put("client_secret", secret);
        }
        if (!credentials.scope().isEmpty()) {
            fields.put("scope", credentials.scope());
        }
        if (!credentials.audience().isEmpty()) {
            fields.put("audience", credentials.audience());
        }
        StringJoiner form = new StringJoiner("&");
        fields.forEach((name, each) -> form.add(name + "=" + encoded(each)));
        HttpRequest.Builder request = HttpRequest.newBuilder(credentials.tokenUrl())
            .timeout(FETCH_WITHIN)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .header("Accept", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(form.toString()));
        if (!credentials.isInBody()) {
            String both = encoded(credentials.clientId()) + ":" + encoded(secret);
            request.header("Authorization", "Basic " + Base64.getEncoder()
                .encodeToString(both.getBytes(StandardCharsets.UTF_8)));
        }
        return request.build();
    }

    /** What a server says in words may be the secret, so only its status and code are told. */
    private static Token token(HttpResponse<String> answer) {
        Map<String, Object> json;
        try {
            json = Fields.of((Map<?, ?>) Json.read(answer.body()));
        } catch (IllegalArgumentException | ClassCastException e) {
            json = Map.of();
        }
        if (answer.statusCode() != 200) {
            String code = Fields.text(json, "error");
            throw new IllegalArgumentException("the server answered " + answer.statusCode()
                + (code.matches("[a-z_]{1,40}") ? " (" + code + ")" : ""));
        }
        String token = Fields.text(json, "access_token");
        String type = Fields.text(json, "token_type");
        boolean isFine = !token.isEmpty() && token.length() <= TOKEN_CHARS_MAX
            && token.chars().allMatch(c -> c > ' ' && c < 0x7f);
        if (!isFine || !type.isEmpty() && !type.equalsIgnoreCase("Bearer")) {
            throw new IllegalArgumentException(
                "the server's answer has no access_token of the type Bearer");
        }
        return new Token("Bearer " + token, life(String.valueOf(json.get("expires_in"))));
    }

    private static Duration life(String seconds) {
        String whole = seconds.replaceFirst("\\.[0-9]*$", "");
        long number = whole.matches("[0-9]{1,9}") ? Long.parseLong(whole) : 0;
        if (number == 0) {
            return LIFE_UNSAID;
        }
        Duration life = Duration.ofSeconds(number);
        return life.compareTo(LIFE_MAX) > 0 ? LIFE_MAX : life;
    }

    private static String words(Throwable thrown) {
        Throwable cause = thrown.getCause() != null ? thrown.getCause() : thrown;
        boolean isTold = cause instanceof IllegalArgumentException || cause instanceof IOException;
        String message = isTold ? cause.getMessage() : null;
        return message == null ? cause.getClass().getSimpleName() : message;
    }

    private static String secret(Path file) throws IOException {
        try (var in = Files.newInputStream(file)) {
            byte[] bytes = in.readNBytes(SECRET_BYTES_MAX + 1);
            String secret = new String(bytes, StandardCharsets.UTF_8).strip();
            if (bytes.length > SECRET_BYTES_MAX || secret.isEmpty()
                    || !secret.chars().allMatch(c -> c >= ' ' && c < 0x7f)) {
                throw new IOException(
                    file + " holds no secret, which is one line of printable ASCII");
            }
            return secret;
        } catch (FileSystemException e) {
            throw new IOException("the secret cannot be read: " + e, e);
        }
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    private boolean isWithin(Duration age) {
        return value != null && nanoTime.getAsLong() - askedAt < age.toNanos();
    }

    private Duration least(Duration margin, int share) {
        Duration part = life.dividedBy(share);
        return margin.compareTo(part) < 0 ? margin : part;
    }
}

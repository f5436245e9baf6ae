package io.pactor.client;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Sends requests to the coordinators of one installation. Nothing here blocks.
 *
 * <p>The coordinator that answered last is asked first, so one that is down costs a try once, not
 * with each request.
 */
final class Transport {

    /** Of DTM's API, below the url of the coordinator. */
    static final String PATH = "/api/dtmsvr/";

    private final Settings settings;
    private final HttpClient http;
    private final HttpClient others;
    private final Map<URI, ServerInfo> servers = new ConcurrentHashMap<>();
    private volatile int preferred;
    private volatile boolean isClosed;

    /**
     * How to reach coordinators.
     *
     * @param urls tried in turn
     * @param authorization of all requests to coordinators
     * @param headers by name, each asked for its value before every request
     * @param requestTimeout of one request to one coordinator
     * @param timeout of a call that the application gave no time, repeats included
     * @param attempts how often each url is tried
     * @param executor runs what is to be done when an answer or the time for a repeat has come
     */
    record Settings(List<URI> urls, Authorization authorization,
            Map<String, Supplier<String>> headers, Duration requestTimeout, Duration timeout,
            int attempts, Executor executor) {}

    /** @param others for participants, to whom nothing is shown that is for coordinators */
    Transport(Settings settings, HttpClient http, HttpClient others) {
        this.settings = settings;
        this.http = http;
        this.others = others;
    }

    Settings settings() {
        return settings;
    }

    /**
     * The first answer that is one, within the operation's time.
     *
     * <p>Fails with {@link UnavailableException} if there is none, with {@link RejectedException}
     * if the coordinator lacks a feature that the request needs. Any status may come, but none that
     * invites a repeat.
     */
    CompletableFuture<Answer> send(Request request, Operation operation) {
        if (isClosed) {
            return CompletableFuture.failedFuture(
                new IllegalStateException("this Pactor is closed"));
        }
        return new Sending(this, request, operation).start();
    }

    /** The API of the coordinator that answered last, for those who are told where it is. */
    String api() {
        String base = settings.urls().get(preferred).toString();
        return base + PATH.substring(0, PATH.length() - 1);
    }

    /** Which url to try first. */
    int preferred() {
        return preferred;
    }

    void prefer(int url) {
        preferred = url;
    }

    /** One request to one coordinator, without a repeat, but for one with another token. */
    CompletableFuture<Answer> exchange(URI base, Request request, Duration limit,
            Operation operation) {
        return authorized(base, request, limit, operation).thenCompose(first ->
            first.answer.status() == 401 && first.header != null
                    && settings.authorization().refused(first.header)
                ? authorized(base, request, limit, operation).thenApply(Told::answer)
                : CompletableFuture.completedFuture(first.answer));
    }

    /** @param header with which it was asked */
    private record Told(String header, Answer answer) {}

    private CompletableFuture<Told> authorized(URI base, Request request, Duration limit,
            Operation operation) {
        CompletableFuture<String> header = settings.authorization().header();
        return (header.isDone() ? header
                : header.orTimeout(limit.toNanos(), TimeUnit.NANOSECONDS))
            .thenCompose(value -> exchange(base, request, value, limit, operation)
                .thenApply(answer -> new Told(value, answer)));
    }

    private CompletableFuture<Answer> exchange(URI base, Request request, String authorization,
            Duration limit, Operation operation) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(URI.create(base + request.path()))
            .timeout(limit)
            .method(request.method(), request.body() == null
                ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofString(request.body()));
        if (request.body() != null) {
            builder.setHeader("Content-Type", "application/json");
        }
        settings.headers().forEach((name, value) -> addHeader(builder, name, value));
        addHeader(builder, "Authorization", () -> authorization);
        request.headers().forEach((name, value) -> addHeader(builder, name, () -> value));
        return send(http, base, builder.build(), limit, operation);
    }

    /** A call to a participant, with its own headers alone: what is for coordinators stays here. */
    CompletableFuture<Answer> call(URI url, Call call, String payload, Duration limit,
            Operation operation) {
        HttpRequest.Builder builder = HttpRequest.newBuilder(url)
            .timeout(limit)
            .setHeader("Content-Type", "application/json")
            .method(call.method(), payload.isEmpty() ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofString(payload));
        call.headers().forEach((name, value) -> addHeader(builder, name, () -> value));
        return send(others, url, builder.build(), limit, operation);
    }

    private static CompletableFuture<Answer> send(HttpClient by, URI base, HttpRequest request,
            Duration limit, Operation operation) {
        CompletableFuture<HttpResponse<String>> sent =
            by.sendAsync(request, response -> new BoundedText(BoundedText.BYTES_MAX));
        operation.isRunning(sent);
        // The timeout of the JDK ends with the head of an answer; the body must come in time, too.
        return sent.copy().orTimeout(limit.toNanos(), TimeUnit.NANOSECONDS)
            .whenComplete((response, thrown) -> {
                if (thrown != null) {
                    sent.cancel(true);
                }
            })
            .thenApply(response -> new Answer(base, response.statusCode(), response.body(),
                Answer.retryAfter(response.headers().firstValue("Retry-After").orElse(""),
                    Instant.now())));
    }

    /** The message of the JDK repeats the value, which may be a token. */
    private static void addHeader(HttpRequest.Builder builder, String name,
            Supplier<String> value) {
        String content = value.get();
        if (content == null) {
            return;
        }
        try {
            builder.setHeader(name, content);
        } catch (IllegalArgumentException e) {
            throw new IllegalStateException("the header " + name + " cannot be sent: either its"
                + " name is reserved, or its value has characters that no header can have");
        }
    }

    /** What {@code base} says of itself, asked once it has said that it knows {@code features}. */
    CompletableFuture<ServerInfo> server(URI base, Set<String> features, Duration limit,
            Operation operation) {
        ServerInfo known = servers.get(base);
        if (known != null && known.features().containsAll(features)) {
            return CompletableFuture.completedFuture(known);
        }
        return exchange(base, Request.get(PATH + "version"), limit, operation).thenApply(answer -> {
            ServerInfo info = infoOf(answer);
            servers.put(base, info);
            return info;
        });
    }

    static ServerInfo infoOf(Answer answer) {
        Map<String, Object> json = answer.json();
        Set<String> features = new LinkedHashSet<>();
        Fields.list(json, "features").forEach(each -> features.add(String.valueOf(each)));
        return new ServerInfo(answer.base().toString(), Fields.text(json, "version"), features);
    }

    void close() {
        isClosed = true;
    }
}

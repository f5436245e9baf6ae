package http;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.stream.Materializer;
import security.Access;
import security.Caller;
import security.Peer;

/**
 * Finds a request's route, reads the body, and sees to it that whatever happens there is one
 * answer, within bounds, counted.
 */
final class Router {

    /** A completion with the longest names and reason there are, escaped. */
    static final int STRANGERS_BYTES = 16 << 10;

    private static final byte[] NOTHING = new byte[0];

    private final Map<String, List<Route>> byPath = new HashMap<>();
    private final List<Route> byPrefix = new ArrayList<>();
    private final Bodies bodies;
    private final Outbox outbox;
    private final Materializer materializer;
    private final Watch watch;

    /**
     * How answers are looked after.
     *
     * @param guard who may ask for what
     * @param recorded puts on record what operators do
     * @param notReady why no request can be served at present; empty if it can
     * @param troubles hears of what is thrown
     * @param meter counts
     * @param answerTimeout after which nothing is known
     */
    record Watch(RequestGuard guard, Recorded recorded, Supplier<Optional<String>> notReady,
            ErrorResponses troubles, RouteMeter meter, Duration answerTimeout) {}

    /** A request that may be carried out. */
    private record Asked(Route route, HttpRequest request, Access.Known by, Peer peer) {

        Caller caller() {
            return by.caller();
        }
    }

    Router(List<Route> routes, Bodies bodies, Outbox outbox, Materializer materializer,
            Watch watch) {
        for (Route route : routes) {
            if (route.takesName()) {
                byPrefix.add(route);
            } else {
                byPath.computeIfAbsent(route.path(), path -> new ArrayList<>()).add(route);
            }
        }
        this.bodies = bodies;
        this.outbox = outbox;
        this.materializer = materializer;
        this.watch = watch;
    }

    /** Never fails and never throws. */
    CompletionStage<HttpResponse> handle(HttpRequest request, Peer peer) {
        long from = System.nanoTime();
        String method = request.method().value();
        Optional<Route> route = Optional.empty();
        CompletionStage<HttpAnswer> answer;
        try {
            String path = withSingleSlashes(request.getUri().path());
            route = find(method, path);
            RequestGuard.Verdict verdict = watch.guard.verdict(request, peer, route);
            if (verdict.refusal() == null) {
                answer = answer(new Asked(route.orElseThrow(), request, verdict.known(), peer));
            } else {
                route.ifPresent(each -> watch.recorded.refused(each, request, verdict, peer));
                answer = refused(request, verdict.refusal());
            }
        } catch (RuntimeException bug) {
            answer = Continuations.now(watch.troubles.answer("request", bug));
        }
        String label = route.map(Route::label).orElse("other");
        return Continuations.then(answer, found -> {
            HttpAnswer given = outbox.admit(found);
            watch.meter.answered(label, known(method), given.status(),
                Duration.ofNanos(System.nanoTime() - from));
            return watch.guard.complete(request, Responses.of(given, outbox));
        });
    }

    /** What is told whoever sent {@code request} if nothing else is known. */
    HttpAnswer unanswered(HttpRequest request) {
        return find(request.method().value(), withSingleSlashes(request.getUri().path()))
            .map(Route::unanswered).orElse(HttpAnswer.LATE);
    }

    private CompletionStage<HttpAnswer> refused(HttpRequest request, HttpAnswer refusal) {
        request.discardEntityBytes(materializer);
        return Continuations.now(refusal);
    }

    private CompletionStage<HttpAnswer> answer(Asked asked) {
        HttpRequest request = asked.request;
        Optional<String> encoding = request.getHeader("Content-Encoding").map(HttpHeader::value);
        if (encoding.isPresent() && !encoding.get().equalsIgnoreCase("identity")) {
            return refused(
                request, HttpAnswer.clientError(415, "compressed bodies are not taken"));
        }
        boolean isLarge = request.entity().getContentLengthOption().orElse(Long.MAX_VALUE)
            > STRANGERS_BYTES;
        if (isLarge && OpsRoutes.PROBES.contains(asked.route.path())) {
            // Anybody may ask, so nobody may fill the room for bodies with it.
            request.discardEntityBytes(materializer);
            return carryOut(asked, NOTHING);
        }
        if (isLarge && asked.caller().equals(Caller.NOBODY)) {
            return refused(request, HttpAnswer.clientError(413, "a body of at most "
                + STRANGERS_BYTES + " bytes, and its length, are needed without credentials"));
        }
        // Read whatever the method is: an answer that overtakes its request closes the connection.
        CompletableFuture<byte[]> body = bodies.receive(request.entity()).toCompletableFuture();
        if (body.isDone() && !body.isCompletedExceptionally()) {
            return carryOut(asked, body.join());
        }
        CompletableFuture<HttpAnswer> answer = new CompletableFuture<>();
        body.whenComplete((bytes, thrown) -> {
            if (thrown == null) {
                carryOut(asked, bytes)
                    .whenComplete((given, never) -> answer.complete(given));
            } else {
                answer.complete(
                    watch.troubles.answer(asked.route, Continuations.cause(thrown)));
            }
        });
        return answer;
    }

    /** Completes within the time-out, with whatever is known then. */
    private CompletionStage<HttpAnswer> carryOut(Asked asked, byte[] body) {
        Route route = asked.route;
        HttpRequest request = asked.request;
        if (route.needsCoordinator()) {
            Optional<String> trouble = watch.notReady.get();
            if (trouble.isPresent()) {
                return Continuations.now(HttpAnswer.notReady(trouble.get()));
            }
        }
        CompletableFuture<HttpAnswer> answer = new CompletableFuture<>();
        try {
            Query query = Query.of(request.getUri().rawQueryString().orElse(""));
            String name = route.takesName() ? lastSegment(request) : "";
            Route.Call call = new Route.Call(query, name, body,
                header -> request.getHeader(header).map(HttpHeader::value).orElse(""),
                asked.caller());
            watch.recorded.around(route, call, () -> Recorded.who(asked.by, asked.peer),
                    () -> handled(route, call))
                .whenCompleteAsync((given, thrown) -> answer.complete(thrown == null ? given
                    : watch.troubles.answer(route, Continuations.cause(thrown))), Runnable::run);
        } catch (RuntimeException thrown) {
            answer.complete(watch.troubles.answer(route, thrown));
        }
        return answer.isDone() ? answer : answer.completeOnTimeout(
            route.unanswered(), watch.answerTimeout.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Never fails. */
    private CompletionStage<HttpAnswer> handled(Route route, Route.Call call) {
        try {
            return route.handler().handle(call).handleAsync((given, thrown) -> thrown == null
                ? given : watch.troubles.answer(route, Continuations.cause(thrown)),
                Runnable::run);
        } catch (RuntimeException thrown) {
            return Continuations.now(watch.troubles.answer(route, thrown));
        }
    }

    private Optional<Route> find(String method, String path) {
        for (Route route : byPath.getOrDefault(path, List.of())) {
            if (route.takes(method)) {
                return Optional.of(route);
            }
        }
        for (Route route : byPrefix) {
            int from = route.prefix().length();
            boolean fits = path.length() > from && path.startsWith(route.prefix())
                && path.indexOf('/', from) < 0;
            if (fits && route.takes(method)) {
                return Optional.of(route);
            }
        }
        return Optional.empty();
    }

    /** One client hands out a base that ends in a slash. */
    private static String withSingleSlashes(String path) {
        return path.contains("//") ? path.replaceAll("/{2,}", "/") : path;
    }

    private static String lastSegment(HttpRequest request) {
        String last = "";
        for (String segment : request.getUri().pathSegments()) {
            last = segment;
        }
        return last;
    }

    private static String known(String method) {
        return switch (method) {
            case "GET", "POST", "DELETE", "HEAD", "PUT", "OPTIONS" -> method;
            default -> "other";
        };
    }
}

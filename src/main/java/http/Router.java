package http;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
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
    private final Map<PathTemplate, List<Route>> byTemplate = new LinkedHashMap<>();
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

    /** What is served at a path, and what stands in it for each name. */
    private record Match(Route route, Map<String, String> names) {}

    /** A request that may be carried out. */
    private record Asked(Match match, HttpRequest request, Access.Known by, Peer peer) {

        Route route() {
            return match.route;
        }

        Caller caller() {
            return by.caller();
        }
    }

    Router(List<Route> routes, Bodies bodies, Outbox outbox, Materializer materializer,
            Watch watch) {
        for (Route route : routes) {
            PathTemplate template = PathTemplate.of(route.path());
            (template.isFixed()
                ? byPath.computeIfAbsent(route.path(), path -> new ArrayList<>())
                : byTemplate.computeIfAbsent(template, path -> new ArrayList<>())).add(route);
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
        String path = withSingleSlashes(request.getUri().path());
        Optional<Route> route = Optional.empty();
        CompletionStage<HttpAnswer> answer;
        try {
            List<Match> served = at(path, request);
            Optional<Match> match = taking(method, served);
            route = match.map(Match::route);
            RequestGuard.Verdict verdict = watch.guard.verdict(request, peer, route);
            if (verdict.refusal() == null) {
                answer = answer(new Asked(match.orElseThrow(), request, verdict.known(), peer));
            } else {
                route.ifPresent(each -> watch.recorded.refused(each, request, verdict, peer));
                answer = refused(request, verdict.refusal() == HttpAnswer.NO_SUCH_PAGE
                    ? Problem.notServed(path, method, served.stream().map(Match::route).toList())
                    : verdict.refusal());
            }
        } catch (RuntimeException bug) {
            answer = Continuations.now(watch.troubles.answer("request", bug));
        }
        String label = route.map(Route::label).orElse("other");
        return Continuations.then(answer, found -> {
            HttpAnswer given = Problem.at(path, outbox.admit(tagged(request, path, found)));
            watch.meter.answered(label, known(method), given.status(),
                Duration.ofNanos(System.nanoTime() - from));
            return watch.guard.complete(request, Responses.of(given, outbox));
        });
    }

    private static HttpAnswer tagged(HttpRequest request, String path, HttpAnswer found) {
        boolean isRead = path.startsWith(Problem.BASE) && request.method().value().equals("GET");
        return !isRead ? found : EntityTag.on(found,
            request.getHeader("If-None-Match").map(HttpHeader::value).orElse(""));
    }

    /** What is told whoever sent {@code request} if nothing else is known. */
    HttpAnswer unanswered(HttpRequest request) {
        String path = withSingleSlashes(request.getUri().path());
        return Problem.at(path, taking(request.method().value(), at(path, request))
            .map(match -> match.route.unanswered()).orElse(HttpAnswer.LATE));
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
        if (isLarge && OpsRoutes.PROBES.contains(asked.route().path())) {
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
                    watch.troubles.answer(asked.route(), Continuations.cause(thrown)));
            }
        });
        return answer;
    }

    /** Completes within the time-out, with whatever is known then. */
    private CompletionStage<HttpAnswer> carryOut(Asked asked, byte[] body) {
        Route route = asked.route();
        HttpRequest request = asked.request;
        if (route.needsCoordinator()) {
            Optional<String> trouble = watch.notReady.get();
            if (trouble.isPresent()) {
                return Continuations.now(HttpAnswer.notReady(trouble.get()));
            }
        }
        CompletableFuture<HttpAnswer> answer = new CompletableFuture<>();
        try {
            QueryString query = QueryString.of(request.getUri().rawQueryString().orElse(""));
            Route.Call call = new Route.Call(query, asked.match.names, body,
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

    /** Whatever is served there, by any method. */
    private List<Match> at(String path, HttpRequest request) {
        List<Route> fixed = byPath.get(path);
        if (fixed != null) {
            return fixed.stream().map(route -> new Match(route, Map.of())).toList();
        }
        List<String> segments = new ArrayList<>();
        request.getUri().pathSegments().forEach(segments::add);
        segments.removeIf(String::isEmpty);
        List<Match> served = new ArrayList<>();
        byTemplate.forEach((template, routes) -> template.match(segments).ifPresent(
            names -> routes.forEach(route -> served.add(new Match(route, names)))));
        return served;
    }

    private static Optional<Match> taking(String method, List<Match> served) {
        for (Match match : served) {
            if (match.route.takes(method)) {
                return Optional.of(match);
            }
        }
        return Optional.empty();
    }

    /** One client hands out a base that ends in a slash. */
    private static String withSingleSlashes(String path) {
        return path.contains("//") ? path.replaceAll("/{2,}", "/") : path;
    }

    private static String known(String method) {
        return switch (method) {
            case "GET", "POST", "DELETE", "HEAD", "PUT", "OPTIONS" -> method;
            default -> "other";
        };
    }
}

package http;

import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import security.Permission;
import security.Sessions;

/** A person at a browser logs in with a token, and out. */
final class SessionRoutes {

    static final String PATH = Problem.BASE + "session";

    private static final String SCHEME = "bearer ";

    private final Optional<Sessions> sessions;
    private final boolean hasTls;

    /** @param hasTls whether every connection here is TLS */
    SessionRoutes(Optional<Sessions> sessions, boolean hasTls) {
        this.sessions = sessions;
        this.hasTls = hasTls;
    }

    List<Route> routes() {
        return List.of(
            Route.post(PATH, Permission.KNOWN, this::begin).always(),
            Route.get(PATH, Permission.KNOWN, this::show).always(),
            Route.delete(PATH, Permission.KNOWN, this::end).always());
    }

    /** Whoever comes here has shown a token that is known, or needs none. */
    private CompletionStage<HttpAnswer> begin(Route.Call call) {
        String header = call.headers().apply("Authorization");
        if (!header.toLowerCase(Locale.ROOT).startsWith(SCHEME)) {
            return refused("a session begins with a token in the header Authorization");
        }
        String token = header.substring(SCHEME.length()).strip();
        Optional<String> session = sessions.flatMap(each -> each.begin(token));
        return session.isEmpty()
            ? refused("a session begins with a token of the identities file or the"
                + " administrator's, not with one of another issuer")
            : Continuations.now(about(call, session.get()).with("Set-Cookie",
                SessionCookie.set(session.get(), Sessions.LENGTH, isSecure(call))));
    }

    private CompletionStage<HttpAnswer> show(Route.Call call) {
        boolean hasToken = !call.headers().apply("Authorization").isEmpty();
        return Continuations.now(about(call, hasToken ? ""
            : SessionCookie.of(call.headers().apply("Cookie"))));
    }

    private CompletionStage<HttpAnswer> end(Route.Call call) {
        return Continuations.now(
            about(call, "").with("Set-Cookie", SessionCookie.forget(isSecure(call))));
    }

    /** In a session that counts; without one if that text is none. */
    private HttpAnswer about(Route.Call call, String text) {
        Optional<Sessions.Session> found = sessions.flatMap(each -> each.find(text));
        return HttpAnswer.json(200, JsonOut.object(out -> {
            out.writeStringField("name", call.caller().name());
            out.writeStringField("role", call.caller().role().text());
            out.writeStringField("ends_at", found.map(each ->
                each.endsAt().truncatedTo(ChronoUnit.SECONDS).toString()).orElse(null));
            out.writeStringField("csrf",
                found.isEmpty() ? null : sessions.orElseThrow().csrf(text));
        })).with("Cache-Control", "no-store");
    }

    /** Behind a proxy that has TLS, the browser tells that its page came by it. */
    private boolean isSecure(Route.Call call) {
        return hasTls || call.headers().apply("Origin").startsWith("https://");
    }

    private static CompletionStage<HttpAnswer> refused(String why) {
        return Continuations.now(Problem.of(422, why));
    }
}

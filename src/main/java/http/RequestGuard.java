package http;

import java.util.List;
import java.util.Optional;
import org.apache.pekko.http.javadsl.model.HttpHeader;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.javadsl.model.HttpResponse;
import org.apache.pekko.http.javadsl.model.headers.RawHeader;
import security.Access;
import security.AddressRule;
import security.BrowserGuard;
import security.Caller;
import security.Peer;
import security.Permission;
import security.Sessions;

/**
 * Says of each request whether it may be carried out, before its body is read: nothing that a web
 * page of somebody else sends, nothing from callers that are not known, and nothing that a caller's
 * role does not have. Thread-safe.
 */
public final class RequestGuard {

    /** What a browser asks before it lets a page of an allowed origin send something. */
    private static final String PREFLIGHT = "OPTIONS";

    private static final List<HttpHeader> PREFLIGHT_ANSWER = List.of(
        RawHeader.create("Access-Control-Allow-Methods", "GET, POST, DELETE"),
        RawHeader.create("Access-Control-Allow-Headers",
            "Authorization, Content-Type, Last-Event-ID, Pactor-Namespace, Pactor-Reason"),
        RawHeader.create("Access-Control-Max-Age", "600"));

    private static final HttpHeader CHALLENGE =
        RawHeader.create("WWW-Authenticate", "Bearer realm=\"pactor\"");

    private static final HttpHeader VARIES = RawHeader.create("Vary", "Origin");

    private static final HttpAnswer PREFLIGHT_DONE =
        new HttpAnswer(204, HttpAnswer.Format.TEXT, new byte[0], "");

    /** Lets in everybody on this machine but web pages of somebody else. */
    public static final RequestGuard LOCAL =
        new RequestGuard(Access.OPEN, new BrowserGuard(List.of(), List.of()));

    private final Access access;
    private final BrowserGuard browsers;
    private final Optional<Sessions> sessions;

    /** Without sessions. */
    public RequestGuard(Access access, BrowserGuard browsers) {
        this(access, browsers, Optional.empty());
    }

    /**
     * @param access finds who asks
     * @param browsers keeps out web pages of somebody else
     * @param sessions by which people at the console are known; empty if nobody can log in
     */
    public RequestGuard(Access access, BrowserGuard browsers, Optional<Sessions> sessions) {
        this.access = access;
        this.browsers = browsers;
        this.sessions = sessions;
    }

    /** By which people at the console are known; empty if nobody can log in. */
    Optional<Sessions> sessions() {
        return sessions;
    }

    /**
     * What was found.
     *
     * @param known who asks, and by what that is known; null if it is not
     * @param refusal what it is told instead; null if it is not refused
     */
    record Verdict(Access.Known known, HttpAnswer refusal) {

        static Verdict allow(Access.Known known) {
            return new Verdict(known, null);
        }

        static Verdict refuse(HttpAnswer refusal) {
            return new Verdict(null, refusal);
        }

        Caller caller() {
            return known.caller();
        }
    }

    private static final Access.Known NOBODY =
        new Access.Known(Caller.NOBODY, Access.How.NONE);

    /** @param route empty if nothing is at that path */
    Verdict verdict(HttpRequest request, Peer peer, Optional<Route> route) {
        String token = header(request, "Authorization");
        String origin = header(request, "Origin");
        String host = header(request, "Host");
        // A link in a chat leads to the console; its files are no secret and have no data.
        Optional<String> foreign = route.filter(ConsoleRoutes::has).isPresent() ? Optional.empty()
            : browsers.refusePage(host, origin, header(request, "Sec-Fetch-Site"));
        if (foreign.isPresent()) {
            return Verdict.refuse(HttpAnswer.clientError(403, foreign.get()));
        }
        if (browsers.isAllowed(origin) && request.method().value().equals(PREFLIGHT)) {
            return Verdict.refuse(PREFLIGHT_DONE);
        }
        if (route.isEmpty()) {
            return Verdict.refuse(HttpAnswer.NO_SUCH_PAGE);
        }
        String session = sessions.isEmpty() || !token.isEmpty() ? ""
            : SessionCookie.of(header(request, "Cookie"));
        if (!session.isEmpty() && route.get().permission() != Permission.NONE) {
            return ofSession(request, session, peer, route.get());
        }
        if (token.isEmpty() && route.get().permission() == Permission.NONE) {
            return inNamespace(browsers.refuseHost(host).isPresent() ? NOBODY
                : access.findIfKnown(AddressRule.Listener.HTTP, peer).orElse(NOBODY), request);
        }
        Access.Found found = access.find(AddressRule.Listener.HTTP, peer, token);
        // A page may send some token, so it must be one that is known.
        boolean showsToken = !token.isEmpty() && found instanceof Access.Known known
            && known.caller().isNamed();
        return verdict(request, found, route.get(),
            showsToken ? Optional.empty() : browsers.refuseHost(host));
    }

    /**
     * No page of somebody else has a session's cookie sent, so it may ask for any name. A change
     * needs what only a page of ours can know, for the browsers that tell less of a request.
     */
    private Verdict ofSession(HttpRequest request, String session, Peer peer, Route route) {
        String csrf = header(request, SessionCookie.CSRF);
        Optional<Sessions.Session> found = sessions.orElseThrow().find(session);
        if (found.isEmpty()) {
            // Any page can make up a cookie: it is as good as none, and so is its name no better.
            return access.findIfKnown(AddressRule.Listener.HTTP, peer)
                .map(known -> verdict(
                    request, known, route, browsers.refuseHost(header(request, "Host"))))
                .orElseGet(() -> Verdict.refuse(HttpAnswer.clientError(401,
                    "the session has ended; log in again")));
        }
        if (route.changes() && !sessions.get().isCsrf(session, csrf)) {
            return new Verdict(found.get().by(), HttpAnswer.clientError(403,
                "a change in a session needs the header " + SessionCookie.CSRF
                + " with what GET " + SessionRoutes.PATH + " tells"));
        }
        return verdict(request, found.get().by(), route, Optional.empty());
    }

    /** Where it names another namespace than its own and may, it is in that one. */
    private static Verdict inNamespace(Access.Known known, HttpRequest request) {
        return known.in(header(request, Caller.NAMESPACE_HEADER)).map(Verdict::allow)
            .orElseGet(() -> new Verdict(known, HttpAnswer.clientError(403, known.caller()
                + " may not name another namespace, or there can be none of that name")));
    }

    private static Verdict verdict(
            HttpRequest request, Access.Found found, Route route, Optional<String> wrongHost) {
        if (found instanceof Access.Known) {
            if (wrongHost.isPresent()) {
                return Verdict.refuse(HttpAnswer.clientError(403, wrongHost.get()));
            }
            Verdict named = inNamespace((Access.Known) found, request);
            if (named.refusal() != null) {
                return named;
            }
            Access.Known known = named.known();
            return known.caller().may(route.permission()) ? Verdict.allow(known)
                : new Verdict(known, HttpAnswer.clientError(403, known.caller()
                    + " may not do this: it needs the permission "
                    + route.permission().text()));
        }
        if (route.permission() == Permission.NONE) {
            return Verdict.allow(NOBODY);
        }
        if (found instanceof Access.Unsure unsure) {
            return Verdict.refuse(HttpAnswer.notReady(unsure.reason()));
        }
        Access.Unknown unknown = (Access.Unknown) found;
        return Verdict.refuse(HttpAnswer.clientError(unknown.tooOften() ? 429 : 401,
            unknown.reason()));
    }

    /** Adds what goes along with every answer to such a request. */
    HttpResponse complete(HttpRequest request, HttpResponse response) {
        HttpResponse complete = response.status().intValue() == 401
            ? (HttpResponse) response.addHeader(CHALLENGE) : response;
        String origin = header(request, "Origin");
        if (origin.isEmpty() || !browsers.isAllowed(origin)) {
            return complete;
        }
        complete = (HttpResponse) complete
            .addHeader(RawHeader.create("Access-Control-Allow-Origin", origin)).addHeader(VARIES);
        return response.status().intValue() == 204
            ? (HttpResponse) complete.addHeaders(PREFLIGHT_ANSWER) : complete;
    }

    private static String header(HttpRequest request, String name) {
        return request.getHeader(name).map(HttpHeader::value).orElse("");
    }
}

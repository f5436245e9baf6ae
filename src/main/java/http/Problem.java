package http;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import transaction.Reply;
import transaction.ReplyVisitor;

/**
 * What went wrong under {@link #BASE}, as problem details (RFC 9457). The status says which kind it
 * is, and the detail has the reason in the server's words, those of the rules unchanged.
 */
final class Problem {

    /** Whatever goes wrong below it is told so. */
    static final String BASE = "/api/v1/";

    private static final Map<Integer, String> TITLES = Map.ofEntries(
        Map.entry(400, "Bad Request"),
        Map.entry(401, "Unauthorized"),
        Map.entry(403, "Forbidden"),
        Map.entry(404, "Not Found"),
        Map.entry(405, "Method Not Allowed"),
        Map.entry(408, "Request Timeout"),
        Map.entry(409, "Conflict"),
        Map.entry(413, "Content Too Large"),
        Map.entry(415, "Unsupported Media Type"),
        Map.entry(422, "Unprocessable Content"),
        Map.entry(429, "Too Many Requests"),
        Map.entry(500, "Internal Server Error"),
        Map.entry(503, "Service Unavailable"));

    private Problem() {}

    static HttpAnswer of(int status, String detail) {
        return new HttpAnswer(status, HttpAnswer.Format.PROBLEM, JsonOut.object(out -> {
            out.writeStringField("type", "about:blank");
            out.writeStringField("title", TITLES.getOrDefault(status, "Error"));
            out.writeNumberField("status", status);
            out.writeStringField("detail", detail);
        }), detail);
    }

    /** What a reply says that is no success; nothing was changed unless it is not known. */
    static HttpAnswer of(Reply reply) {
        return reply.accept(new ByReply());
    }

    /** What is told where nothing takes this method: below {@link #BASE}, which one does. */
    static HttpAnswer notServed(String path, String method, List<Route> served) {
        if (!path.startsWith(BASE)) {
            return HttpAnswer.NO_SUCH_PAGE;
        }
        if (served.isEmpty()) {
            return of(404, "nothing is served at " + path);
        }
        String allowed = served.stream().map(Route::method).sorted()
            .collect(Collectors.joining(", "));
        return of(405, path + " takes " + allowed + ", not " + method).with("Allow", allowed);
    }

    /** There is no transaction of that gid, or none that the caller may see. */
    static HttpAnswer noTransaction(String gid) {
        return of(404, "there is no transaction with the gid " + gid);
    }

    /** {@code answer} in this form if the request was for a path below {@link #BASE}. */
    static HttpAnswer at(String path, HttpAnswer answer) {
        boolean isOurs = answer.status() >= 400 && answer.format() != HttpAnswer.Format.PROBLEM
            && path.startsWith(BASE);
        return !isOurs ? answer : answer.message().isEmpty()
            ? of(answer.status(), new String(answer.body(), StandardCharsets.UTF_8))
            : of(answer.status(), answer.message());
    }

    /** The statuses of {@code /api/v1}. */
    private static final class ByReply implements ReplyVisitor<HttpAnswer> {

        @Override
        public HttpAnswer done(Reply.Done reply) {
            return inside(reply);
        }

        @Override
        public HttpAnswer refused(Reply.Refused reply) {
            return of(409, reply.reason());
        }

        @Override
        public HttpAnswer ongoing(Reply.Ongoing reply) {
            return of(409, reply.reason());
        }

        @Override
        public HttpAnswer troubled(Reply.Troubled reply) {
            return of(500, reply.reason());
        }

        @Override
        public HttpAnswer missing(Reply.Missing reply) {
            return of(404, reply.reason());
        }

        @Override
        public HttpAnswer forbidden(Reply.Forbidden reply) {
            return of(403, reply.reason());
        }

        @Override
        public HttpAnswer invalid(Reply.Invalid reply) {
            return of(422, reply.reason());
        }

        @Override
        public HttpAnswer overloaded(Reply.Overloaded reply) {
            return of(429, reply.reason());
        }

        @Override
        public HttpAnswer full(Reply.Full reply) {
            return of(503, reply.reason());
        }

        @Override
        public HttpAnswer unclear(Reply.Unclear reply) {
            return of(503, reply.reason());
        }
    }
}

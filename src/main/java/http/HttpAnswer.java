package http;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import transaction.Reply;
import transaction.ReplyVisitor;
import wire.VerdictWord;

/**
 * What goes back to a client, and the one table from a {@link Reply} to it (protocol section 1.1).
 *
 * <p>Clients search bodies for the word FAILURE, some of them in either case, and take it for a
 * verdict. So it ends the message of a refusal, and stands in no other answer of this table.
 *
 * @param status HTTP status
 * @param format what the body is
 * @param body its bytes; not to be changed
 * @param message what went wrong, for people; empty if nothing did
 * @param chunks what follows the body, as it comes; null if nothing does
 * @param headers what goes along, by name, beside what its format and status call for
 */
record HttpAnswer(int status, Format format, byte[] body, String message, Chunks chunks,
        Map<String, String> headers) {

    /** What a body is. */
    enum Format {
        JSON,
        TEXT,
        /** What went wrong, as JSON (RFC 9457). */
        PROBLEM,
        /** Prometheus' text format. */
        METRICS,
        /** Public keys, as a set of JSON Web Keys. */
        CALL_KEYS,
        /** Server-sent events. */
        EVENTS,
        YAML,
        HTML,
        CSS,
        SCRIPT,
        SVG
    }

    /** A body that has no end yet. It is closed when the client has gone, or it has ended. */
    interface Chunks {

        /** What comes next; empty at the end. One call at a time; never fails. */
        CompletionStage<Optional<byte[]>> next();

        void close();
    }

    HttpAnswer(int status, Format format, byte[] body, String message) {
        this(status, format, body, message, null, Map.of());
    }

    /** The same with this header, in place of one of that name. */
    HttpAnswer with(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.put(name, value);
        return new HttpAnswer(
            status, format, body, message, chunks, Collections.unmodifiableMap(more));
    }

    static final HttpAnswer SUCCESS = json(200, "{\"dtm_result\":\"SUCCESS\"}".getBytes(
        StandardCharsets.UTF_8));

    static final HttpAnswer NO_SUCH_PAGE = new HttpAnswer(404, Format.TEXT,
        "404 page not found".getBytes(StandardCharsets.UTF_8), "404 page not found");

    /** The answer to a command; {@link Reply.Found} has an answer of its own for each endpoint. */
    static HttpAnswer of(Reply reply) {
        return reply.accept(new ByReply());
    }

    static HttpAnswer json(int status, byte[] body) {
        return new HttpAnswer(status, Format.JSON, body, "");
    }

    /** Events, one after another, beginning with {@code opening}. */
    static HttpAnswer events(byte[] opening, Chunks chunks) {
        return new HttpAnswer(200, Format.EVENTS, opening, "", chunks, Map.of());
    }

    /** The client's mistake, or its haste. */
    static HttpAnswer clientError(int status, String reason) {
        return error(status, "", reason);
    }

    /** Nothing is known of what was asked. */
    static final HttpAnswer LATE = unavailable(
        "no answer in time: it may or may not have happened; ask again with the same gid");

    /** Something was asked about, and cannot be told. */
    static final HttpAnswer UNREAD =
        unavailable("no answer could be had; nothing was changed, ask again");

    static HttpAnswer notReady(String reason) {
        return unavailable("not ready: " + reason + "; nothing was done, try again");
    }

    /** Not now; what was asked may or may not have happened, as {@code reason} says. */
    static HttpAnswer unavailable(String reason) {
        return error(503, "", reason);
    }

    /** A status of our own with no more than a message. */
    static HttpAnswer serverError(String reason) {
        return error(500, "", reason);
    }

    /** Whether asking again in a second makes sense. */
    boolean isWorthRepeating() {
        return status == 429 || status == 503;
    }

    /** Whether the client may still be sending: the connection is of no more use. */
    boolean leavesBodyUnread() {
        return status == 408 || status == 413 || status == 415;
    }

    /** Whether it is final: what is on record rules it out. */
    boolean isRefusal() {
        return status == 409;
    }

    private static HttpAnswer error(int status, String result, String message) {
        return error(status, result, VerdictWord.hidden(message), message);
    }

    private static HttpAnswer error(int status, String result, String told, String message) {
        return new HttpAnswer(status, Format.JSON, JsonOut.object(out -> {
            if (!result.isEmpty()) {
                out.writeStringField("dtm_result", result);
            }
            out.writeStringField("message", told);
        }), message);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HttpAnswer that && status == that.status && format == that.format
            && Arrays.equals(body, that.body) && message.equals(that.message)
            && chunks == that.chunks && headers.equals(that.headers);
    }

    @Override
    public int hashCode() {
        return 31 * status + Arrays.hashCode(body);
    }

    /** DTM's statuses and results (protocol section 2.2). */
    private static final class ByReply implements ReplyVisitor<HttpAnswer> {

        @Override
        public HttpAnswer done(Reply.Done reply) {
            return SUCCESS;
        }

        @Override
        public HttpAnswer refused(Reply.Refused reply) {
            String message = VerdictWord.atTheEnd(reply.reason());
            return error(409, "FAILURE", message, message);
        }

        @Override
        public HttpAnswer ongoing(Reply.Ongoing reply) {
            return error(425, "ONGOING", reply.reason());
        }

        @Override
        public HttpAnswer troubled(Reply.Troubled reply) {
            return error(500, "", reply.reason());
        }

        @Override
        public HttpAnswer missing(Reply.Missing reply) {
            return clientError(404, reply.reason());
        }

        @Override
        public HttpAnswer forbidden(Reply.Forbidden reply) {
            return clientError(403, reply.reason());
        }

        @Override
        public HttpAnswer invalid(Reply.Invalid reply) {
            return clientError(400, reply.reason());
        }

        @Override
        public HttpAnswer overloaded(Reply.Overloaded reply) {
            return clientError(429, reply.reason());
        }

        @Override
        public HttpAnswer full(Reply.Full reply) {
            return unavailable(reply.reason());
        }

        @Override
        public HttpAnswer unclear(Reply.Unclear reply) {
            return unavailable(reply.reason());
        }
    }
}

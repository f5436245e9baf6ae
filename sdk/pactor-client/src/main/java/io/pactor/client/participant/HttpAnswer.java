package io.pactor.client.participant;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.UndeclaredThrowableException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/**
 * How a participant says over HTTP what became of a call, for any web server.
 *
 * <table>
 * <caption>What becomes of a call</caption>
 * <tr><th>outcome</th><th>status</th><th>body</th></tr>
 * <tr><td>a {@link Reply}</td><td>200</td>
 *     <td>its own, or {@code {"dtm_result":"SUCCESS"}}</td></tr>
 * <tr><td>{@link Refused}</td><td>409</td>
 *     <td>{@code {"dtm_result":"FAILURE","message":…}}</td></tr>
 * <tr><td>{@link Ongoing}</td><td>425, with {@code Retry-After}</td>
 *     <td>{@code {"dtm_result":"ONGOING"}}</td></tr>
 * <tr><td>{@link UnverifiedCall}</td><td>401, or 503 if the keys could not be read</td>
 *     <td>{@code {"message":…}}</td></tr>
 * <tr><td>anything else</td><td>500</td><td>the class of the exception, and nothing else of
 *     it</td></tr>
 * </table>
 *
 * @param status the status code
 * @param headers by name; each name once
 * @param body the bytes
 */
public record HttpAnswer(int status, Map<String, String> headers, byte[] body) {

    private static final String CONTENT_TYPE = "Content-Type";
    private static final String JSON = "application/json";

    /** Copies both. */
    public HttpAnswer {
        headers = Map.copyOf(headers);
        body = body.clone();
    }

    /** The call succeeded. */
    public static HttpAnswer of(Reply reply) {
        if (reply.isEmpty()) {
            return json(200, Map.of(), "{\"dtm_result\":\"SUCCESS\"}");
        }
        return new HttpAnswer(200, reply.contentType().isEmpty() ? Map.of()
            : Map.of(CONTENT_TYPE, reply.contentType()), reply.body());
    }

    /**
     * The call did not succeed. Wrappers that only carry an exception on are looked through; an
     * exception that has a {@link Refused} as its cause for another reason is no refusal, since it
     * may mean that the roll-back failed.
     */
    public static HttpAnswer of(Throwable thrown) {
        Throwable bare = unwrapped(thrown);
        if (bare instanceof Refused refused) {
            return json(409, Map.of(), "{\"dtm_result\":\"FAILURE\",\"message\":"
                + quoted(String.valueOf(refused.getMessage())) + "}");
        }
        if (bare instanceof Ongoing ongoing) {
            String seconds = String.valueOf(ongoing.untilAskedAgain().toSeconds());
            return json(425, ongoing.isCompletedByItself()
                ? Map.of("Retry-After", seconds, "Pactor-Callback", seconds)
                : Map.of("Retry-After", seconds), "{\"dtm_result\":\"ONGOING\"}");
        }
        if (bare instanceof UnverifiedCall unverified) {
            return unverified(unverified);
        }
        // A message may quote data or a password; the class says where to look in the log.
        return json(500, Map.of(), "{\"message\":" + quoted(bare.getClass().getName()) + "}");
    }

    /** A copy. */
    @Override
    public byte[] body() {
        return body.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof HttpAnswer that && status == that.status
            && headers.equals(that.headers) && Arrays.equals(body, that.body);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * status + headers.hashCode()) + Arrays.hashCode(body);
    }

    /** Without the bytes, which may be somebody's data. */
    @Override
    public String toString() {
        return "HttpAnswer[" + status + ", " + headers + ", " + body.length + " bytes]";
    }

    private static HttpAnswer unverified(UnverifiedCall call) {
        String body = "{\"message\":" + quoted(String.valueOf(call.getMessage())) + "}";
        return call.isTemporary() ? json(503, Map.of(), body)
            : json(401, Map.of("WWW-Authenticate", "Signature"), body);
    }

    private static HttpAnswer json(int status, Map<String, String> headers, String text) {
        Map<String, String> all = new HashMap<>(headers);
        all.put(CONTENT_TYPE, JSON);
        return new HttpAnswer(status, all, text.getBytes(StandardCharsets.UTF_8));
    }

    private static Throwable unwrapped(Throwable thrown) {
        Throwable bare = thrown;
        while (bare.getCause() != null && (bare instanceof CompletionException
                || bare instanceof ExecutionException || bare instanceof InvocationTargetException
                || bare instanceof UndeclaredThrowableException)) {
            bare = bare.getCause();
        }
        return bare;
    }

    /**
     * As a string of JSON. The two words that are verdicts anywhere in a body are written so that
     * only who parses it reads them: a refusal whose reason says ONGOING must stay one.
     */
    private static String quoted(String text) {
        StringBuilder json = new StringBuilder(text.length() + 16).append('"');
        for (char c : text.toCharArray()) {
            if (c == '"' || c == '\\') {
                json.append('\\').append(c);
            } else if (c < ' ' || Character.isSurrogate(c)) {
                json.append(String.format("\\u%04x", (int) c));
            } else {
                json.append(c);
            }
        }
        return json.append('"').toString()
            .replace("FAILURE", "\\u0046AILURE").replace("ONGOING", "\\u004fNGOING");
    }
}

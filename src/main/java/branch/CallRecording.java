package branch;

import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import transaction.CallRecord;
import transaction.Limits;
import transaction.Outcome;

/**
 * What is kept of calls for those who look them up, and how it is masked before anybody has it.
 * Immutable.
 */
public final class CallRecording {

    /** Of which calls request and answer are kept. */
    public enum Bodies {
        NONE,
        /** Those that brought no success. */
        FAILED,
        ALL;

        /** @param word {@code none}, {@code failed} or {@code all} */
        public static Bodies of(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT));
        }

        /** As they are written. */
        public static List<String> words() {
            return List.of("none", "failed", "all");
        }
    }

    /** Headers that Pactor sets itself, and none of which holds a secret. */
    private static final Set<String> SHOWN =
        Set.of("host", "content-type", "content-length", "accept-encoding");

    private static final String HEAD_END = "\r\n\r\n";

    /** By far the most usual end of a call, made once. */
    private static final Outcome PLAIN =
        Outcome.SUCCESS.with(new CallRecord(line(200), "", "", ""));

    private final Bodies bodies;
    private final FieldMask mask;

    /** @param masked names of fields whose values nobody may see, whatever their case */
    public CallRecording(Bodies bodies, Collection<String> masked) {
        this.bodies = bodies;
        this.mask = new FieldMask(masked);
    }

    /** Bodies of calls that brought no success, without what is a secret by its name. */
    static CallRecording defaults() {
        return new CallRecording(Bodies.FAILED, List.of("password", "passwd", "secret",
            "client_secret", "token", "access_token", "refresh_token", "id_token", "api_key",
            "apikey", "authorization", "card_number", "cardnumber", "cvv", "cvc", "pin"));
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CallRecording that && bodies == that.bodies
            && mask.equals(that.mask);
    }

    @Override
    public int hashCode() {
        return Objects.hash(bodies, mask);
    }

    /** {@code outcome} with what {@code answer} looked like. */
    Outcome answered(Outcome outcome, Request request, Answer answer) {
        boolean keeps = keeps(outcome);
        if (!keeps && outcome == Outcome.SUCCESS && answer.status() == 200) {
            return PLAIN;
        }
        String error = answer.isFlawed() ? "an answer that cannot be relied on: " + answer.flaw()
            : outcome.kind() == Outcome.Kind.UNKNOWN && answer.status() == 200
                ? "the answer is no verdict" : "";
        return outcome.with(new CallRecord(line(answer.status()), error,
            keeps ? request(request) : "", keeps ? body(answer.beginning()) : ""));
    }

    /** {@code outcome} of a call without an answer. */
    Outcome failed(Outcome outcome, Request request, String reason) {
        return outcome.with(
            new CallRecord("", reason, keeps(outcome) ? request(request) : "", ""));
    }

    /** {@code outcome} of a call over gRPC. */
    Outcome answered(Outcome outcome, GrpcRequest request, GrpcAnswer answer) {
        boolean keeps = keeps(outcome);
        boolean told = !answer.told().isEmpty();
        return outcome.with(new CallRecord(
            told ? "grpc-status " + answer.told() + " " + answer.code().name() : "",
            told ? "" : answer.message(), keeps ? request(request) : "",
            keeps && told ? body(answer.message().getBytes(StandardCharsets.UTF_8)) : ""));
    }

    private boolean keeps(Outcome outcome) {
        return bodies == Bodies.ALL
            || bodies == Bodies.FAILED && outcome.kind() != Outcome.Kind.SUCCESS;
    }

    private static String line(int status) {
        HttpResponseStatus known = HttpResponseStatus.valueOf(status);
        // Netty makes up words for a status that it does not know.
        return known.reasonPhrase().endsWith(")") ? Integer.toString(status) : known.toString();
    }

    private String request(Request request) {
        byte[] wire = request.wire();
        String all = new String(wire, StandardCharsets.ISO_8859_1);
        int end = all.indexOf(HEAD_END);
        String[] lines = all.substring(0, end).split("\r\n");
        StringBuilder head = new StringBuilder(mask.query(lines[0])).append('\n');
        for (int i = 1; i < lines.length; i++) {
            int colon = lines[i].indexOf(':');
            head.append(SHOWN.contains(lines[i].substring(0, colon).toLowerCase(Locale.ROOT))
                ? lines[i] : lines[i].substring(0, colon) + ": " + FieldMask.MASK).append('\n');
        }
        int from = end + HEAD_END.length();
        return whole(head, body(Arrays.copyOfRange(wire, from, wire.length)));
    }

    private static String request(GrpcRequest request) {
        StringBuilder head = new StringBuilder("POST /").append(request.url().method())
            .append(" HTTP/2\nhost: ").append(request.url().authority()).append('\n');
        for (String name : new TreeSet<>(request.metadata().keys())) {
            head.append(name).append(": ").append(FieldMask.MASK).append('\n');
        }
        return whole(head, "(" + request.payload().size() + " bytes of a message)");
    }

    private static String whole(StringBuilder head, String body) {
        return Limits.cut(head.toString(), Limits.ATTEMPT_BYTES)
            + (body.isEmpty() ? "" : "\n" + body);
    }

    /** The beginning of a body, masked; what is no text is told by its length. */
    private String body(byte[] body) {
        int length = Math.min(body.length, Limits.ATTEMPT_BYTES);
        CharBuffer text = CharBuffer.allocate(length);
        CoderResult read = StandardCharsets.UTF_8.newDecoder().decode(
            ByteBuffer.wrap(body, 0, length), text, length == body.length);
        String begins = text.flip().toString();
        if (read.isError() || begins.chars().anyMatch(c -> c < ' ' && "\t\r\n".indexOf(c) < 0)) {
            return "(" + body.length + " bytes that are no text)";
        }
        return Limits.cut(mask.in(begins), Limits.ATTEMPT_BYTES);
    }
}

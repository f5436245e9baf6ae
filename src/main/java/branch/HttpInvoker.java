package branch;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import signature.CallSigner;
import transaction.BranchCall;
import transaction.BranchInvoker;
import transaction.Chars;
import transaction.Failpoints;
import transaction.Limits;
import transaction.Outcome;
import transaction.VerdictMode;

/**
 * Calls a participant by plain HTTP: who and what in the query, the payload as the body.
 *
 * <p>The participant's verdict is its status or a word in its body (docs/protocol.md, branch
 * calls).
 */
final class HttpInvoker implements BranchInvoker {

    private final HttpTransport transport;
    private final CallSigner signer;

    HttpInvoker(HttpTransport transport, CallSigner signer) {
        this.transport = transport;
        this.signer = signer;
    }

    /** Signs nothing. */
    HttpInvoker(HttpTransport transport) {
        this(transport, CallSigner.NONE);
    }

    @Override
    public CompletionStage<Outcome> invoke(BranchCall call) {
        return invoke(call, Attached.NOTHING);
    }

    CompletionStage<Outcome> invoke(BranchCall call, Attached attached) {
        Request request;
        try {
            request = request(attached.to(call), transport.settings().isDocker(), signer);
        } catch (Unsendable e) {
            return notSent(call.url(), e);
        }
        return send(transport, request, call, attached.over(HttpInvoker::read));
    }

    /** What goes on the wire for {@code call}. */
    static Request request(BranchCall call, boolean isDocker, CallSigner signer)
            throws Unsendable {
        return Request.of(method(call), target(call, isDocker), call.headers(), call.payload(),
                call.timeout(), signer);
    }

    /** The same without a signature. */
    static Request request(BranchCall call, boolean isDocker) throws Unsendable {
        return request(call, isDocker, CallSigner.NONE);
    }

    /** Where {@code call} goes: the url, and in its query who and what. */
    static Target target(BranchCall call, boolean isDocker) throws Unsendable {
        return Target.parse(seenFrom(isDocker, call.url())).withQuery(
                "branch_id=" + Target.encodeValue(call.branchId())
                        + "&gid=" + Target.encodeValue(call.ownGid())
                        + "&op=" + Target.encodeValue(call.op())
                        + "&trans_type=" + Target.encodeValue(call.mode()));
    }

    static String method(BranchCall call) {
        if (!call.method().isEmpty()) {
            return call.method();
        }
        return call.payload().isEmpty() && !call.mode().equals("xa") ? "GET" : "POST";
    }

    /**
     * What {@code answer} says. A flawed answer says nothing, since a word may be missing from it
     * that overrules what is there.
     *
     * @param url the participant's url, for the reason
     */
    static Outcome read(String url, Answer answer, VerdictMode mode) {
        if (answer.isFlawed()) {
            return unknown(url, answer);
        }
        return mode == VerdictMode.STRICT
                ? strictly(url, answer, answer.json().dtmResult())
                : asDtm(url, answer);
    }

    /** In the protocol's order: the words count with any status. */
    private static Outcome asDtm(String url, Answer answer) {
        if (answer.status() == 425 || answer.saysOngoing()) {
            return ongoing(url, answer);
        }
        if (answer.status() == 409 || answer.saysFailure()) {
            return failure(url, answer);
        }
        return answer.status() == 200 ? Outcome.SUCCESS : unknown(url, answer);
    }

    /**
     * The status and {@code result} count, and nothing else; if they contradict each other, nobody
     * knows.
     *
     * @param result the {@code dtm_result}, or what stands for it; empty if the body has none
     */
    static Outcome strictly(String url, Answer answer, String result) {
        String byStatus = switch (answer.status()) {
            case 409 -> "FAILURE";
            case 425 -> "ONGOING";
            default -> "";
        };
        boolean mayDecide = answer.status() == 200 || result.equals(byStatus);
        return switch (result.isEmpty() ? byStatus : mayDecide ? result : "") {
            case "SUCCESS" -> Outcome.SUCCESS;
            case "FAILURE" -> failure(url, answer);
            case "ONGOING" -> ongoing(url, answer);
            default -> unknown(url, answer);
        };
    }

    static Outcome ongoing(String url, Answer answer) {
        return Outcome.ongoing("url:" + url + " return ongoing: " + answer.text())
                .retryAfter(wait(answer.retryAfter(), Instant.now()))
                .callback(callback(answer.callback()));
    }

    /** The seconds that a {@code Pactor-Callback} asks for; zero if it is no number. */
    private static Duration callback(String seconds) {
        String text = seconds.strip();
        return Chars.all(text, c -> c >= '0' && c <= '9')
                ? wait(text, Instant.EPOCH) : Duration.ZERO;
    }

    static Outcome failure(String url, Answer answer) {
        return Outcome.failure("url:" + url + " return failed: " + answer.text())
                .retryAfter(wait(answer.retryAfter(), Instant.now()));
    }

    /** The outcome of an answer that gives no verdict. */
    static Outcome unknown(String url, Answer answer) {
        String code = "url:" + url + " return code " + answer.status();
        String reason = answer.isFlawed()
                ? code + ", an answer that cannot be relied on: " + answer.flaw()
                : code + ": " + answer.text();
        return Outcome.unknown(reason).retryAfter(wait(answer.retryAfter(), Instant.now()));
    }

    /**
     * The wait that a {@code Retry-After} asks for: seconds or a date (RFC 9110, 10.2.3). Zero if
     * it is neither, or over; at most {@link Limits#SECONDS_MAX}.
     */
    static Duration wait(String retryAfter, Instant now) {
        String text = retryAfter.strip();
        if (text.isEmpty()) {
            return Duration.ZERO;
        }
        Duration wait;
        if (Chars.all(text, c -> c >= '0' && c <= '9')) {
            long seconds = text.length() > 9 ? Limits.SECONDS_MAX : Long.parseLong(text);
            wait = Duration.ofSeconds(seconds);
        } else {
            try {
                ZonedDateTime then =
                        ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME);
                wait = Duration.between(now, then.toInstant());
            } catch (DateTimeException e) {
                return Duration.ZERO;
            }
        }
        Duration longest = Duration.ofSeconds(Limits.SECONDS_MAX);
        return wait.isNegative() ? Duration.ZERO : wait.compareTo(longest) > 0 ? longest : wait;
    }

    /** In a container {@code localhost} is the container: its host has another name there. */
    static String seenFrom(boolean isDocker, String url) {
        return isDocker
                ? url.replaceFirst("localhost", "host.docker.internal")
                        .replaceFirst("127\\.0\\.0\\.1", "host.docker.internal")
                : url;
    }

    /** Finds the outcome in an answer, if that is its url and it is to be read in that mode. */
    @FunctionalInterface
    interface Reading {

        Outcome of(String url, Answer answer, VerdictMode mode);
    }

    /** Sends {@code request}; the stage has the outcome that {@code reading} finds. */
    static CompletionStage<Outcome> send(
            HttpTransport transport, Request request, BranchCall call, Reading reading) {
        VerdictMode mode = call.verdictMode().or(transport.settings().verdictMode());
        Reply reply = new Reply(call, mode, reading, request, transport.settings().recording());
        transport.send(request, reply);
        return reply;
    }

    /** The outcome of a call that cannot be made. */
    static CompletionStage<Outcome> notSent(String url, Unsendable why) {
        return CompletableFuture.completedFuture(
                Outcome.unknown("url:" + url + " cannot be called: " + why.getMessage()));
    }

    /** Turns the end of an exchange into an outcome. */
    private static final class Reply extends CompletableFuture<Outcome>
            implements Exchange.Listener {

        private final BranchCall call;
        private final VerdictMode mode;
        private final Reading reading;
        private final Request request;
        private final CallRecording recording;

        Reply(BranchCall call, VerdictMode mode, Reading reading, Request request,
                CallRecording recording) {
            this.call = call;
            this.mode = mode;
            this.reading = reading;
            this.request = request;
            this.recording = recording;
        }

        @Override
        public void sent() {
            Failpoints.hit("CP-04", call.gid());
        }

        @Override
        public void answered(Answer answer) {
            try {
                Failpoints.hit("CP-05", call.gid());
                Outcome outcome = reading.of(call.url(), answer, mode);
                complete(recording.answered(outcome, request, answer));
            } finally {
                // Whatever was thrown, the transaction must hear of it, or it waits for ever.
                failed("the answer could not be read");
            }
        }

        @Override
        public void failed(String reason) {
            complete(recording.failed(Outcome.unknown(
                    "url:" + call.url() + " gave no answer: " + reason), request, reason));
        }

        @Override
        public void heldBack(String reason) {
            complete(Outcome.putOff("url:" + call.url() + ": " + reason));
        }

        @Override
        public void forbidden(String reason) {
            complete(Outcome.forbidden("url:" + call.url() + " may not be called: " + reason));
        }
    }
}

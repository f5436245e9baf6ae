package io.pactor.spring.participant;

import io.pactor.client.SignatureVerifier;
import io.pactor.client.participant.BranchCall;
import io.pactor.client.participant.HttpAnswer;
import io.pactor.client.participant.UnverifiedCall;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.web.HttpRequestHandler;

/**
 * Lets only those calls through that a coordinator has signed. The head of a call is checked before
 * its body is read. Thread-safe.
 */
public final class SignatureGuard {

    /** Lets every call through. */
    public static final SignatureGuard NONE = new SignatureGuard(null, Set.of());

    /** Longer than any call of a coordinator: a payload has at most 1 MiB, a workflow's data 2. */
    public static final int BODY_BYTES_MAX = 4 << 20;

    private static final Log LOG = LogFactory.getLog(SignatureGuard.class);

    private final SignatureVerifier verifier;
    private final Set<String> unsignedModes;
    private final AtomicLong refused = new AtomicLong();

    private SignatureGuard(SignatureVerifier verifier, Set<String> unsignedModes) {
        this.verifier = verifier;
        this.unsignedModes = unsignedModes;
    }

    /**
     * Verifies with {@code verifier}.
     *
     * @param unsignedModes of {@code tcc}, {@code xa} and {@code workflow}, those of which calls
     *     that an application makes itself, and not a coordinator, need no signature
     */
    public static SignatureGuard of(SignatureVerifier verifier, Set<String> unsignedModes) {
        return new SignatureGuard(Objects.requireNonNull(verifier, "verifier"),
            Set.copyOf(unsignedModes));
    }

    /** Puts itself in front of {@code handler}, which serves what coordinators alone ask. */
    public HttpRequestHandler before(HttpRequestHandler handler) {
        return verifier == null ? handler : (request, response) -> {
            HttpServletRequest verified;
            try {
                verified = verified(request);
            } catch (UnverifiedCall e) {
                refuse(request, response, e);
                return;
            }
            handler.handleRequest(verified, response);
        };
    }

    /**
     * {@code request}, whose body may have been read for that, if it is a coordinator's.
     *
     * @throws UnverifiedCall if it is not
     */
    HttpServletRequest verified(HttpServletRequest request, BranchCall call) throws IOException {
        boolean isLet = verifier == null
            || isOfApplications(call) && request.getHeader("Signature-Input") == null;
        return isLet ? request : verified(request);
    }

    /** Answers 401, or 503 if the keys are not to be had. */
    void refuse(HttpServletRequest request, HttpServletResponse response, UnverifiedCall why)
            throws IOException {
        long count = refused.incrementAndGet();
        if (Long.bitCount(count) == 1) {
            // The first, the second, the fourth: whoever sends them cannot fill the log.
            LOG.warn("A call from " + request.getRemoteAddr() + " was refused, the " + count
                + ". of its kind: " + printable(why.getMessage()));
        }
        BranchCallFilter.answer(response, HttpAnswer.of(why));
    }

    private HttpServletRequest verified(HttpServletRequest request) throws IOException {
        String query = request.getQueryString();
        SignatureVerifier.ExpectedBody expected = verifier.verifyHead(request.getMethod(),
            query == null ? request.getRequestURI() : request.getRequestURI() + "?" + query,
            name -> values(request, name));
        byte[] body = request.getInputStream().readNBytes(BODY_BYTES_MAX + 1);
        if (body.length > BODY_BYTES_MAX) {
            throw new UnverifiedCall(
                "the body has more than " + BODY_BYTES_MAX + " bytes", false);
        }
        expected.verify(body);
        return new VerifiedRequest(request, body);
    }

    /** What the initiator of the transaction calls itself. */
    private boolean isOfApplications(BranchCall call) {
        return unsignedModes.contains(call.mode()) && switch (call.mode()) {
            case "tcc" -> call.op().equals("try");
            case "xa" -> call.op().equals("action");
            case "workflow" -> true;
            default -> false;
        };
    }

    private static List<String> values(HttpServletRequest request, String name) {
        return Collections.list(request.getHeaders(name));
    }

    /** A reason may quote what a stranger sent. */
    private static String printable(String text) {
        return text.replaceAll("[^ -~]", "?");
    }
}

package io.pactor.spring.participant;

import io.pactor.client.participant.HttpAnswer;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.servlet.http.HttpServletResponseWrapper;
import java.io.IOException;
import java.io.PrintWriter;

/**
 * A response to a branch call. Before its first byte leaves, its status is made to agree with what
 * the participant did: no 2xx without a commit, and after it, 200.
 */
final class BranchResponse extends HttpServletResponseWrapper {

    private static final int REFUSED = 409;
    private static final int ONGOING = 425;

    private final BranchContext context;
    /** The status is an error only because the participant writes and has not committed yet. */
    private boolean isDoubt;

    BranchResponse(HttpServletResponse response, BranchContext context) {
        super(response);
        this.context = context;
    }

    @Override
    public ServletOutputStream getOutputStream() throws IOException {
        settle();
        return super.getOutputStream();
    }

    @Override
    public PrintWriter getWriter() throws IOException {
        settle();
        return super.getWriter();
    }

    @Override
    public void flushBuffer() throws IOException {
        settle();
        super.flushBuffer();
    }

    @Override
    public void setStatus(int status) {
        isDoubt = false;
        super.setStatus(status);
    }

    @Override
    public void sendError(int status) throws IOException {
        sendError(status, null);
    }

    /** Where {@code @ResponseStatus} gives a reason, it is of success, too. */
    @Override
    public void sendError(int status, String reason) throws IOException {
        int agreed = agreed(status);
        if (agreed == SC_OK) {
            setStatus(SC_OK);
        } else {
            super.sendError(agreed, reason);
        }
    }

    /** A call that reached no participant is left alone, unless an exception ended it. */
    void settle() {
        if (isCommitted()) {
            return;
        }
        int agreed = agreed(getStatus());
        if (agreed != getStatus()) {
            super.setStatus(agreed);
            if (agreed == ONGOING && context.failure() != null) {
                whenToAskAgain();
            }
            isDoubt = context.outcome() == BranchContext.Outcome.OPEN && context.failure() == null;
        }
    }

    /** Of an exception that the application has turned into an answer of its own. */
    private void whenToAskAgain() {
        HttpAnswer.of(context.failure()).headers().forEach((name, value) -> {
            if (!name.equalsIgnoreCase("Content-Type")) {
                setHeader(name, value);
            }
        });
    }

    private int agreed(int status) {
        boolean success = status >= 200 && status < 300;
        boolean verdict = status == REFUSED || status == ONGOING;
        return switch (context.outcome()) {
            case NONE -> success && context.failure() != null ? SC_INTERNAL_SERVER_ERROR : status;
            case OPEN -> success || verdict ? failure() : status;
            case COMMITTED -> success || isDoubt ? SC_OK
                : verdict ? SC_INTERNAL_SERVER_ERROR : status;
        };
    }

    private int failure() {
        Throwable thrown = context.failure();
        return thrown == null ? SC_INTERNAL_SERVER_ERROR : HttpAnswer.of(thrown).status();
    }
}

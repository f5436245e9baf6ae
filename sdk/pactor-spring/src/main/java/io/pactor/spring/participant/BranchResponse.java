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

    private final BranchContext context;

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

    /** A call that reached no participant is left alone, unless an exception ended it. */
    void settle() {
        if (isCommitted()) {
            return;
        }
        boolean success = getStatus() >= 200 && getStatus() < 300;
        switch (context.outcome()) {
            case NONE -> {
                if (success && context.failure() != null) {
                    setStatus(SC_INTERNAL_SERVER_ERROR);
                }
            }
            case COMMITTED -> {
                if (success) {
                    setStatus(SC_OK);
                }
            }
            case OPEN -> {
                int status = failure();
                if (success || getStatus() == 409 || getStatus() == 425) {
                    setStatus(status);
                }
            }
        }
    }

    private int failure() {
        Throwable thrown = context.failure();
        return thrown == null ? SC_INTERNAL_SERVER_ERROR : HttpAnswer.of(thrown).status();
    }
}

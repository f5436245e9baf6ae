package io.pactor.client;

import io.pactor.client.participant.BranchCall;
import java.time.Duration;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The branches of one transaction that the application calls itself, while its body runs. For the
 * body's own thread. One that did not succeed dooms the transaction, even if the body catches the
 * exception.
 */
final class OwnBranches {

    /** Two digits, as all clients have it. */
    static final int BRANCHES_MAX = 99;

    private final Pactor pactor;
    private final String mode;
    private final String gid;
    private final String parent;
    private final Map<String, String> headers;
    private final Duration timeout;
    private int count;
    private RuntimeException doom;
    private boolean isEnded;

    /**
     * Those of one transaction, or of one branch of it.
     *
     * @param parent the branch in which they are; empty for those of the transaction itself
     * @param timeout of calls that have none of their own
     */
    OwnBranches(Pactor pactor, BranchCall parent, Map<String, String> headers, Duration timeout) {
        this(pactor, parent.mode(), parent.gid(), parent.branchId(), headers, timeout);
    }

    OwnBranches(Pactor pactor, String mode, String gid, String parent,
            Map<String, String> headers, Duration timeout) {
        this.pactor = pactor;
        this.mode = mode;
        this.gid = gid;
        this.parent = parent;
        this.headers = headers;
        this.timeout = timeout;
    }

    String gid() {
        return gid;
    }

    Pactor pactor() {
        return pactor;
    }

    /** Throws if the transaction takes no more calls. */
    void checkOpen() {
        if (isEnded) {
            throw new IllegalStateException(mode + " " + gid + " has ended");
        }
        if (count == BRANCHES_MAX) {
            throw new IllegalStateException(
                "a " + mode + " has at most " + BRANCHES_MAX + " branches");
        }
        if (doom != null) {
            throw doom;
        }
    }

    /**
     * Calls the next branch once. Blocks.
     *
     * @param op what the call does
     * @param before runs with the id of the branch, before it is called
     * @return the answer as it is
     * @throws BranchRefusedException if the participant answers 409
     * @throws BranchUnknownException if it answers anything else than 200 and 409, or nothing
     */
    String call(Call call, String op, Consumer<String> before) {
        String branchId = parent + String.format("%02d", ++count);
        try {
            before.accept(branchId);
            Call sent = call;
            for (Map.Entry<String, String> each : headers.entrySet()) {
                sent = call.header(each.getKey()) == null
                    ? sent.withHeader(each.getKey(), each.getValue()) : sent;
            }
            return read(branchId, call, OwnCall.send(pactor,
                new BranchCall(gid, mode, branchId, op), sent, timeout));
        } catch (RuntimeException e) {
            doom = e;
            throw e;
        }
    }

    /** The body has returned; what went wrong before was swallowed, but counts. */
    void end() {
        isEnded = true;
        if (doom != null) {
            throw doom;
        }
    }

    private static String read(String branchId, Call call, Answer answer) {
        String said = Fields.text(answer.json(), "dtm_result");
        boolean isDone = answer.status() == 200;
        if (answer.status() == 409 || isDone && said.equals("FAILURE")) {
            throw new BranchRefusedException(branchId,
                Reason.of("url:" + call.url() + " return failed: " + answer.text()));
        }
        if (!isDone || said.equals("ONGOING")) {
            throw new BranchUnknownException(branchId, "no verdict from " + call + ": "
                + answer.status() + " " + answer.message(), null);
        }
        return answer.text();
    }
}

package io.pactor.client;

import io.pactor.client.participant.BranchCall;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/** A participant's call that the application makes itself, as the coordinator makes others. */
final class OwnCall {

    private OwnCall() {}

    /**
     * Makes it once. Blocks.
     *
     * @param limit for the answer, if the call has none of its own
     * @throws BranchUnknownException without an answer
     * @throws UnavailableException if the thread is interrupted
     */
    static Answer send(Pactor pactor, BranchCall branch, Call call, Duration limit) {
        Duration allowed = call.timeout().isZero() ? limit : call.timeout();
        Operation operation = Operation.of(branch.gid(), allowed);
        try {
            return operation.await(pactor.transport().call(url(pactor, branch, call.url()), call,
                call.payload(pactor.codec()), allowed, operation));
        } catch (UnavailableException e) {
            throw e; // Interrupted.
        } catch (RuntimeException e) {
            throw new BranchUnknownException(branch.branchId(), "no answer from " + call + ": "
                + (e.getCause() == null ? e : e.getCause()), e);
        }
    }

    /** As all clients call; {@code dtm} is for participants with branches of their own. */
    private static URI url(Pactor pactor, BranchCall branch, String url) {
        Map<String, String> parameters = new LinkedHashMap<>();
        parameters.put("branch_id", branch.branchId());
        parameters.put("dtm", pactor.transport().api());
        parameters.put("gid", branch.gid());
        parameters.put("op", branch.op());
        parameters.put("trans_type", branch.mode());
        if (branch.mode().equals(Xa.MODE)) {
            parameters.put("phase2_url", url); // Participants of DTM register it as their own.
        }
        StringBuilder whole = new StringBuilder(url.replaceFirst("#.*", ""));
        char separator = whole.indexOf("?") < 0 ? '?' : '&';
        for (Map.Entry<String, String> each : parameters.entrySet()) {
            whole.append(separator).append(each.getKey()).append('=')
                .append(URLEncoder.encode(each.getValue(), StandardCharsets.UTF_8));
            separator = '&';
        }
        return URI.create(whole.toString());
    }
}

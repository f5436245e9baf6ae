package io.pactor.client;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Makes a branch known to the coordinator. */
final class Registration {

    private Registration() {}

    /**
     * Registers it. Blocks. A repeat with the same fields changes nothing.
     *
     * @param fields beside those that each registration has
     * @return why the transaction takes no more branches; empty if it has taken this one
     * @throws RejectedException if it was refused for another reason
     * @throws UnavailableException if nobody knows
     */
    static Optional<String> send(Pactor pactor, String mode, String gid, String branchId,
            Map<String, Object> fields) {
        Map<String, Object> body = new LinkedHashMap<>();
        body.put("gid", gid);
        body.put("trans_type", mode);
        body.put("branch_id", branchId);
        body.putAll(fields);
        Operation operation = pactor.operation(gid);
        Answer answer = operation.await(pactor.transport()
            .send(Request.post(Transport.PATH + "registerBranch", body), operation));
        if (answer.status() == 409 && !Refusal.isFinal(answer)) {
            return Optional.of("the transaction takes no more branches: " + answer.message());
        }
        if (!answer.isDone()) {
            throw Refusal.of(gid, answer);
        }
        return Optional.empty();
    }
}

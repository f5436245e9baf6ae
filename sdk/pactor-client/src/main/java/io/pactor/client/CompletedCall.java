package io.pactor.client;

import io.pactor.client.participant.BranchCall;
import io.pactor.client.participant.CallBack;
import java.util.Map;

/** The end of a call that its participant completes by itself. */
final class CompletedCall {

    private CompletedCall() {}

    /** Says it to the coordinator. Blocks. */
    static void send(Pactor pactor, CallBack callBack, String result, String reason) {
        BranchCall call = callBack.call();
        Operation operation = pactor.operation(call.gid());
        Answer answer = operation.await(pactor.transport().send(
            Request.post(Transport.PATH + "complete", Map.of("gid", call.gid(), "branch_id",
                call.branchId(), "op", call.op(), "result", result, "reason", reason))
            .with("Pactor-Token", callBack.token()), operation));
        if (!answer.isDone()) {
            throw Refusal.of(call.gid(), answer);
        }
    }
}

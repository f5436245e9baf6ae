package grpc;

import audit.Act;
import com.google.protobuf.ByteString;
import com.google.protobuf.Message;
import java.util.Map;
import transaction.BranchOp;
import transaction.BranchRegistration;
import transaction.Bytes;
import transaction.GlobalTransaction;
import transaction.InvalidRequest;
import transaction.Options;
import transaction.Protocol;
import wire.DtmBranchRequest;
import wire.DtmProgress;
import wire.DtmProgressesReply;
import wire.DtmRequest;
import wire.DtmTopicRequest;
import wire.DtmTransOptions;
import wire.DtmTransaction;
import wire.KnownKeys;
import wire.TopicRequest;
import wire.TransactionRequest;

/** Messages of the contract to what they ask for, and back (protocol section 2.1). */
final class WireMessages {

    /** What a branch's fields may be called; others are the client's own. */
    private static final KnownKeys FIELDS =
        KnownKeys.of("confirm", "cancel", "url", "op", "status");

    private WireMessages() {}

    /** @throws InvalidRequest if the text of the steps is not what it should be */
    static TransactionRequest transaction(DtmRequest asked) {
        return new TransactionRequest(asked.getGid(), asked.getTransType(),
            TransactionRequest.steps(asked.getSteps()),
            asked.getBinPayloadsList().stream().map(WireMessages::bytes).toList(),
            asked.getQueryPrepared(), Protocol.GRPC.wire(), asked.getCustomedData(),
            () -> options(asked.getTransOptions()), asked.getRollbackReason(),
            Map.of(), TransactionRequest.extra(asked.getReqExtraMap()));
    }

    /** @throws InvalidRequest if no branch could be made of it */
    static BranchRegistration branch(DtmBranchRequest asked) {
        return new BranchRegistration(asked.getGid(),
            TransactionRequest.mode(asked.getTransType()), asked.getBranchID(),
            FIELDS.pick("Data", asked.getDataMap()), bytes(asked.getBusiPayload()));
    }

    static TopicRequest topic(DtmTopicRequest asked) {
        return new TopicRequest(asked.getTopic(), asked.getURL(), asked.getRemark());
    }

    /** How far a workflow is. */
    static DtmProgressesReply progresses(GlobalTransaction t) {
        DtmProgressesReply.Builder reply = DtmProgressesReply.newBuilder()
            .setTransaction(DtmTransaction.newBuilder()
                .setGid(t.ownGid())
                .setStatus(t.status().wire())
                .setRollbackReason(t.reason())
                .setResult(t.result()));
        t.ops().forEach(op -> reply.addProgresses(progress(op)));
        return reply.build();
    }

    /** What an operator's call is about, as it is put on record. */
    static String subject(Message asked) {
        if (!(asked instanceof DtmTopicRequest topic)) {
            return "";
        }
        return "topic=" + topic.getTopic()
            + (topic.getURL().isEmpty() ? "" : " url=" + Act.withoutSecrets(topic.getURL()));
    }

    private static DtmProgress progress(BranchOp op) {
        return DtmProgress.newBuilder()
            .setStatus(op.status().wire())
            .setBinData(ByteString.copyFrom(op.payload().toArray()))
            .setBranchID(op.branchId())
            .setOp(op.op().wire())
            .build();
    }

    private static Options options(DtmTransOptions said) {
        return new Options(said.getWaitResult(),
            integer("timeout_to_fail", said.getTimeoutToFail()),
            integer("request_timeout", said.getRequestTimeout()),
            integer("retry_interval", said.getRetryInterval()),
            integer("retry_limit", said.getRetryLimit()),
            0, said.getBranchHeadersMap(), false);
    }

    private static int integer(String what, long number) {
        if (number != (int) number) {
            throw new InvalidRequest(what + " is out of range");
        }
        return (int) number;
    }

    private static Bytes bytes(ByteString content) {
        return Bytes.of(content.toByteArray());
    }
}

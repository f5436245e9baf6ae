package grpc;

import com.google.protobuf.Empty;
import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import transaction.Command;
import transaction.Coordinator;
import transaction.Reply;
import wire.DtmBranchRequest;
import wire.DtmGidReply;
import wire.DtmProgressesReply;
import wire.DtmRequest;
import wire.DtmTopicRequest;
import wire.TransactionRequest;

/** DTM's service, {@code dtmgimp.Dtm}: one line for each method (protocol section 2.1). */
final class DtmService {

    private final Supplier<Coordinator> coordinator;
    private final Executor renderer;
    private final UnaryCall.Watch watch;

    /**
     * @param coordinator asked for once {@code watch} says that calls can be served
     * @param renderer runs what takes longer: writing whole workflows
     */
    DtmService(Supplier<Coordinator> coordinator, Executor renderer, UnaryCall.Watch watch) {
        this.coordinator = coordinator;
        this.renderer = renderer;
        this.watch = watch;
    }

    ServerServiceDefinition definition() {
        ServerServiceDefinition.Builder all =
            ServerServiceDefinition.builder(DtmMethods.service());
        add(all, DtmMethods.NEW_GID, asked -> newGid());
        add(all, DtmMethods.PREPARE, asked -> done(prepare(asked)));
        add(all, DtmMethods.SUBMIT, asked -> done(submit(asked)));
        add(all, DtmMethods.ABORT, asked -> done(abort(asked)));
        add(all, DtmMethods.REGISTER_BRANCH, asked -> done(register(asked)));
        add(all, DtmMethods.PREPARE_WORKFLOW, this::prepareWorkflow);
        add(all, DtmMethods.SUBSCRIBE, asked -> done(subscribe(asked)));
        add(all, DtmMethods.UNSUBSCRIBE, asked -> done(unsubscribe(asked)));
        add(all, DtmMethods.DELETE_TOPIC, asked -> done(delete(asked)));
        return all.build();
    }

    private CompletionStage<GrpcAnswer<DtmGidReply>> newGid() {
        return CompletableFuture.completedFuture(GrpcAnswer.ok(
            DtmGidReply.newBuilder().setGid(coordinator.get().newGid()).build()));
    }

    private CompletionStage<Reply> prepare(DtmRequest asked) {
        return coordinator.get().prepare(WireMessages.transaction(asked).submission());
    }

    private CompletionStage<Reply> submit(DtmRequest asked) {
        TransactionRequest request = WireMessages.transaction(asked);
        return coordinator.get().send(request.checkedGid(), request.submit());
    }

    private CompletionStage<Reply> abort(DtmRequest asked) {
        Command.Abort abort = WireMessages.transaction(asked).abort();
        return coordinator.get().send(abort.gid(), abort);
    }

    private CompletionStage<Reply> register(DtmBranchRequest asked) {
        return coordinator.get().register(WireMessages.branch(asked));
    }

    private CompletionStage<GrpcAnswer<DtmProgressesReply>> prepareWorkflow(DtmRequest asked) {
        Command.PrepareWorkflow command = WireMessages.transaction(asked).prepareWorkflow();
        return coordinator.get().send(command.submission().gid(), command).thenApplyAsync(
            reply -> reply instanceof Reply.Found found
                ? GrpcAnswer.ok(WireMessages.progresses(found.transaction()))
                : GrpcAnswer.of(reply, null), renderer);
    }

    private CompletionStage<Reply> subscribe(DtmTopicRequest asked) {
        return WireMessages.topic(asked).subscribe(coordinator.get().topics());
    }

    private CompletionStage<Reply> unsubscribe(DtmTopicRequest asked) {
        return WireMessages.topic(asked).unsubscribe(coordinator.get().topics());
    }

    private CompletionStage<Reply> delete(DtmTopicRequest asked) {
        return WireMessages.topic(asked).delete(coordinator.get().topics());
    }

    private static CompletionStage<GrpcAnswer<Empty>> done(CompletionStage<Reply> reply) {
        return reply.thenApplyAsync(
            each -> GrpcAnswer.of(each, Empty.getDefaultInstance()), Runnable::run);
    }

    private <Q extends Message, A extends Message> void add(ServerServiceDefinition.Builder all,
            MethodDescriptor<Received<Q>, A> method,
            Function<Q, CompletionStage<GrpcAnswer<A>>> handler) {
        all.addMethod(method, new UnaryCall<>(handler, watch));
    }
}

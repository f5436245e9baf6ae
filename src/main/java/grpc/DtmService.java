package grpc;

import static security.Permission.OPERATE;
import static security.Permission.TRANSACT;

import com.google.protobuf.Empty;
import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import security.Caller;
import security.Permission;
import security.ScopedCoordinator;
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
        add(all, DtmMethods.NEW_GID, TRANSACT, (caller, asked) -> newGid(caller));
        add(all, DtmMethods.PREPARE, TRANSACT, (caller, asked) -> done(prepare(caller, asked)));
        add(all, DtmMethods.SUBMIT, TRANSACT, (caller, asked) -> done(submit(caller, asked)));
        add(all, DtmMethods.ABORT, TRANSACT, (caller, asked) -> done(abort(caller, asked)));
        add(all, DtmMethods.REGISTER_BRANCH, TRANSACT,
            (caller, asked) -> done(register(caller, asked)));
        add(all, DtmMethods.PREPARE_WORKFLOW, TRANSACT, this::prepareWorkflow);
        add(all, DtmMethods.SUBSCRIBE, OPERATE, (caller, asked) -> done(subscribe(caller, asked)));
        add(all, DtmMethods.UNSUBSCRIBE, OPERATE,
            (caller, asked) -> done(unsubscribe(caller, asked)));
        add(all, DtmMethods.DELETE_TOPIC, OPERATE, (caller, asked) -> done(delete(caller, asked)));
        return all.build();
    }

    /** The coordinator as far as {@code caller} may use it. */
    private Coordinator coordinator(Caller caller) {
        return ScopedCoordinator.of(coordinator.get(), caller);
    }

    private CompletionStage<GrpcResponse<DtmGidReply>> newGid(Caller caller) {
        return CompletableFuture.completedFuture(GrpcResponse.ok(
            DtmGidReply.newBuilder().setGid(coordinator(caller).newGid()).build()));
    }

    private CompletionStage<Reply> prepare(Caller caller, DtmRequest asked) {
        return coordinator(caller).prepare(WireMessages.transaction(asked).submission());
    }

    private CompletionStage<Reply> submit(Caller caller, DtmRequest asked) {
        TransactionRequest request = WireMessages.transaction(asked);
        return coordinator(caller).send(request.checkedGid(), request.submit());
    }

    private CompletionStage<Reply> abort(Caller caller, DtmRequest asked) {
        Command.Abort abort = WireMessages.transaction(asked).abort();
        return coordinator(caller).send(abort.gid(), abort);
    }

    private CompletionStage<Reply> register(Caller caller, DtmBranchRequest asked) {
        return coordinator(caller).register(WireMessages.branch(asked));
    }

    private CompletionStage<GrpcResponse<DtmProgressesReply>> prepareWorkflow(
            Caller caller, DtmRequest asked) {
        Command.PrepareWorkflow command = WireMessages.transaction(asked).prepareWorkflow();
        return coordinator(caller).send(command.submission().gid(), command).thenApplyAsync(
            reply -> reply instanceof Reply.Found found
                ? GrpcResponse.ok(WireMessages.progresses(found.transaction()))
                : GrpcResponse.of(reply, null), renderer);
    }

    private CompletionStage<Reply> subscribe(Caller caller, DtmTopicRequest asked) {
        return WireMessages.topic(asked).subscribe(coordinator(caller).topics());
    }

    private CompletionStage<Reply> unsubscribe(Caller caller, DtmTopicRequest asked) {
        return WireMessages.topic(asked).unsubscribe(coordinator(caller).topics());
    }

    private CompletionStage<Reply> delete(Caller caller, DtmTopicRequest asked) {
        return WireMessages.topic(asked).delete(coordinator(caller).topics());
    }

    private static CompletionStage<GrpcResponse<Empty>> done(CompletionStage<Reply> reply) {
        return reply.thenApplyAsync(
            each -> GrpcResponse.of(each, Empty.getDefaultInstance()), Runnable::run);
    }

    private <Q extends Message, A extends Message> void add(ServerServiceDefinition.Builder all,
            MethodDescriptor<Received<Q>, A> method, Permission permission,
            BiFunction<Caller, Q, CompletionStage<GrpcResponse<A>>> handler) {
        all.addMethod(method, new UnaryCall<>(permission, handler, watch));
    }
}

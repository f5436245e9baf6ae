package workflow;

import com.google.protobuf.Empty;
import com.google.protobuf.Message;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.protobuf.ProtoUtils;
import wire.DtmBranchRequest;
import wire.DtmProgressesReply;
import wire.DtmRequest;
import wire.WorkflowData;

/** The methods that a client of workflows calls and is called by, from the protocol alone. */
final class Grpc {

    static final MethodDescriptor<DtmRequest, DtmProgressesReply> PREPARE =
        method("dtmgimp.Dtm/PrepareWorkflow", DtmRequest.getDefaultInstance(),
            DtmProgressesReply.getDefaultInstance());
    static final MethodDescriptor<DtmBranchRequest, Empty> REGISTER =
        method("dtmgimp.Dtm/RegisterBranch", DtmBranchRequest.getDefaultInstance(),
            Empty.getDefaultInstance());
    static final MethodDescriptor<DtmRequest, Empty> SUBMIT =
        method("dtmgimp.Dtm/Submit", DtmRequest.getDefaultInstance(), Empty.getDefaultInstance());
    static final MethodDescriptor<WorkflowData, Empty> EXECUTE =
        method("workflow.Workflow/Execute", WorkflowData.getDefaultInstance(),
            Empty.getDefaultInstance());

    private Grpc() {}

    static Metadata.Key<String> key(String name) {
        return Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER);
    }

    private static <Q extends Message, A extends Message> MethodDescriptor<Q, A> method(
            String name, Q request, A reply) {
        return MethodDescriptor.<Q, A>newBuilder().setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName(name).setRequestMarshaller(ProtoUtils.marshaller(request))
            .setResponseMarshaller(ProtoUtils.marshaller(reply)).build();
    }
}

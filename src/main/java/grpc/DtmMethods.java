package grpc;

import com.google.protobuf.Descriptors;
import com.google.protobuf.Empty;
import com.google.protobuf.Message;
import io.grpc.MethodDescriptor;
import io.grpc.ServiceDescriptor;
import io.grpc.protobuf.ProtoMethodDescriptorSupplier;
import io.grpc.protobuf.ProtoServiceDescriptorSupplier;
import io.grpc.protobuf.ProtoUtils;
import java.util.List;
import wire.DtmBranchRequest;
import wire.DtmGidReply;
import wire.DtmProgressesReply;
import wire.DtmRequest;
import wire.DtmTopicRequest;
import wire.Dtmgimp;

/** The methods of DTM's service, as the contract in {@code dtmgimp.proto} has them. */
final class DtmMethods {

    static final String SERVICE = "dtmgimp.Dtm";

    static final MethodDescriptor<Received<Empty>, DtmGidReply> NEW_GID =
        unary("NewGid", Empty.getDefaultInstance(), DtmGidReply.getDefaultInstance());
    static final MethodDescriptor<Received<DtmRequest>, Empty> SUBMIT = of("Submit");
    static final MethodDescriptor<Received<DtmRequest>, Empty> PREPARE = of("Prepare");
    static final MethodDescriptor<Received<DtmRequest>, Empty> ABORT = of("Abort");
    static final MethodDescriptor<Received<DtmBranchRequest>, Empty> REGISTER_BRANCH = unary(
        "RegisterBranch", DtmBranchRequest.getDefaultInstance(), Empty.getDefaultInstance());
    static final MethodDescriptor<Received<DtmRequest>, DtmProgressesReply> PREPARE_WORKFLOW =
        unary("PrepareWorkflow", DtmRequest.getDefaultInstance(),
            DtmProgressesReply.getDefaultInstance());
    static final MethodDescriptor<Received<DtmTopicRequest>, Empty> SUBSCRIBE =
        ofTopic("Subscribe");
    static final MethodDescriptor<Received<DtmTopicRequest>, Empty> UNSUBSCRIBE =
        ofTopic("Unsubscribe");
    static final MethodDescriptor<Received<DtmTopicRequest>, Empty> DELETE_TOPIC =
        ofTopic("DeleteTopic");

    static final List<MethodDescriptor<?, ?>> ALL = List.of(NEW_GID, SUBMIT, PREPARE, ABORT,
        REGISTER_BRANCH, PREPARE_WORKFLOW, SUBSCRIBE, UNSUBSCRIBE, DELETE_TOPIC);

    private DtmMethods() {}

    /** The service as reflection shows it. */
    static ServiceDescriptor service() {
        ServiceDescriptor.Builder service =
            ServiceDescriptor.newBuilder(SERVICE).setSchemaDescriptor(new OfService());
        ALL.forEach(service::addMethod);
        return service.build();
    }

    private static MethodDescriptor<Received<DtmRequest>, Empty> of(String name) {
        return unary(name, DtmRequest.getDefaultInstance(), Empty.getDefaultInstance());
    }

    private static MethodDescriptor<Received<DtmTopicRequest>, Empty> ofTopic(String name) {
        return unary(name, DtmTopicRequest.getDefaultInstance(), Empty.getDefaultInstance());
    }

    private static <Q extends Message, A extends Message> MethodDescriptor<Received<Q>, A> unary(
            String name, Q request, A answer) {
        return MethodDescriptor.<Received<Q>, A>newBuilder()
            .setType(MethodDescriptor.MethodType.UNARY)
            .setFullMethodName(MethodDescriptor.generateFullMethodName(SERVICE, name))
            .setRequestMarshaller(new Received.Reader<>(request))
            .setResponseMarshaller(ProtoUtils.marshaller(answer))
            .setSchemaDescriptor(new OfMethod(name))
            .build();
    }

    private static Descriptors.ServiceDescriptor described() {
        return Dtmgimp.getDescriptor().findServiceByName("Dtm");
    }

    private record OfService() implements ProtoServiceDescriptorSupplier {

        @Override
        public Descriptors.ServiceDescriptor getServiceDescriptor() {
            return described();
        }

        @Override
        public Descriptors.FileDescriptor getFileDescriptor() {
            return described().getFile();
        }
    }

    private record OfMethod(String name) implements ProtoMethodDescriptorSupplier {

        @Override
        public Descriptors.MethodDescriptor getMethodDescriptor() {
            return described().findMethodByName(name);
        }

        @Override
        public Descriptors.ServiceDescriptor getServiceDescriptor() {
            return described();
        }

        @Override
        public Descriptors.FileDescriptor getFileDescriptor() {
            return described().getFile();
        }
    }
}

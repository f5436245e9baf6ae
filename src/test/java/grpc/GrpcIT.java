package grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import http.StartedJar;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import wire.DtmBranchRequest;
import wire.DtmProgressesReply;
import wire.DtmRequest;
import wire.DtmTransOptions;

/** DTM's gRPC service of the runnable jar, as a client of grpc-java meets it. */
class GrpcIT {

    private static StartedJar jar;

    @BeforeAll
    static void start(@TempDir Path dir) {
        jar = StartedJar.in(dir);
    }

    @AfterAll
    static void stop() {
        jar.close();
    }

    @Test
    void aSagaRunsToItsEnd() {
        String gid = jar.grpc.newGid().message().getGid();
        DtmRequest saga = DtmRequest.newBuilder().setGid(gid).setTransType("saga")
            .setSteps("[{\"action\":\"" + jar.url("yes") + "\",\"compensate\":\""
                + jar.url("undo") + "\"},{\"action\":\"" + jar.url("no") + "\"}]")
            .addBinPayloads(ByteString.copyFromUtf8("{\"amount\":30}"))
            .addBinPayloads(ByteString.EMPTY)
            .setTransOptions(waiting()).build();

        DtmClient.Answer<?> answer = jar.grpc.ask("Submit", saga);

        assertEquals("ABORTED", answer.code());
        assertTrue(answer.text().contains("no funds") && answer.text().endsWith(" FAILURE"),
            answer.text());
        jar.awaitStatus(gid, "failed");
        assertEquals("grpc", jar.transaction(gid).get("protocol").asText());
        assertEquals(List.of("01 action yes", "02 action no", "01 compensate undo"),
            jar.participant.calls(gid).stream().map(Object::toString).toList());
        assertEquals("{\"amount\":30}", jar.participant.calls(gid).get(2).body());
    }

    @Test
    void aTccIsConfirmedOrCancelled() {
        for (String verb : List.of("Submit", "Abort")) {
            String gid = "tcc-" + verb;
            DtmRequest tcc = DtmRequest.newBuilder().setGid(gid).setTransType("tcc").build();
            assertEquals("OK", jar.grpc.ask("Prepare", tcc).code());
            assertEquals("OK", jar.grpc.register(DtmBranchRequest.newBuilder().setGid(gid)
                .setTransType("tcc").setBranchID("01").putData("confirm", jar.url("confirm"))
                .putData("cancel", jar.url("cancel"))
                .setBusiPayload(ByteString.copyFromUtf8("{}")).build()).code());

            assertEquals("OK", jar.grpc.ask(verb, tcc).code());

            jar.awaitStatus(gid, verb.equals("Submit") ? "succeed" : "failed");
            assertEquals(List.of(verb.equals("Submit") ? "01 confirm confirm" : "01 cancel cancel"),
                jar.participant.calls(gid).stream().map(Object::toString).toList());
        }
    }

    @Test
    void aWorkflowIsKeptAndItsResultHandedBack() {
        DtmRequest workflow = DtmRequest.newBuilder().setGid("wf").setTransType("workflow")
            .setCustomedData("{\"name\":\"wf\",\"data\":\"e30=\"}").build();
        assertEquals("prepared", jar.grpc.prepareWorkflow(workflow).message()
            .getTransaction().getStatus());
        ByteString result = ByteString.copyFrom(new byte[] {0, 1, (byte) 0xff});
        assertEquals("OK", jar.grpc.register(DtmBranchRequest.newBuilder().setGid("wf")
            .setTransType("workflow").setBranchID("01").putData("op", "action")
            .putData("status", "succeed").setBusiPayload(result).build()).code());

        assertEquals("OK", jar.grpc.ask("Submit", workflow.toBuilder()
            .putReqExtra("status", "succeed").putReqExtra("result", "AAH/").build()).code());

        DtmProgressesReply reply = jar.grpc.prepareWorkflow(workflow).message();
        assertEquals("succeed", reply.getTransaction().getStatus());
        assertEquals("AAH/", reply.getTransaction().getResult());
        assertEquals(result, reply.getProgresses(0).getBinData());
    }

    @Test
    void aMessageGoesToWhoSubscribes() {
        assertEquals("OK", jar.grpc.topic("Subscribe", "orders", jar.url("a")).code());
        assertEquals("OK", jar.grpc.topic("Subscribe", "orders", jar.url("b")).code());
        assertEquals("OK", jar.grpc.topic("Unsubscribe", "orders", jar.url("a")).code());
        assertEquals("OK", jar.grpc.ask("Submit", DtmRequest.newBuilder().setGid("msg")
            .setTransType("msg").setSteps("[{\"action\":\"topic://orders\"}]")
            .addBinPayloads(ByteString.copyFromUtf8("{}")).setTransOptions(waiting())
            .build()).code());
        assertEquals("OK", jar.grpc.topic("DeleteTopic", "orders", "").code());

        assertEquals(List.of("01 action b"),
            jar.participant.calls("msg").stream().map(Object::toString).toList());
        assertEquals("NOT_FOUND", jar.grpc.topic("DeleteTopic", "orders", "").code());
    }

    @Test
    void reflectionShowsTheServiceAndItsMethods() throws Exception {
        ServerReflectionResponse services = reflect(
            ServerReflectionRequest.newBuilder().setListServices("").build());
        List<String> names = services.getListServicesResponse().getServiceList().stream()
            .map(each -> each.getName()).toList();
        assertTrue(names.containsAll(List.of("dtmgimp.Dtm", "grpc.health.v1.Health")),
            names.toString());

        ServerReflectionResponse found = reflect(ServerReflectionRequest.newBuilder()
            .setFileContainingSymbol("dtmgimp.Dtm").build());
        FileDescriptorProto file = null;
        for (ByteString bytes : found.getFileDescriptorResponse().getFileDescriptorProtoList()) {
            FileDescriptorProto each = FileDescriptorProto.parseFrom(bytes);
            file = each.getPackage().equals("dtmgimp") ? each : file;
        }
        assertEquals(List.of("NewGid", "Submit", "Prepare", "Abort", "RegisterBranch",
            "PrepareWorkflow", "Subscribe", "Unsubscribe", "DeleteTopic"),
            file.getService(0).getMethodList().stream().map(each -> each.getName()).toList());
    }

    @Test
    void itIsHealthyAndCounted() {
        assertEquals("SERVING", HealthGrpc.newBlockingStub(jar.grpc.channel())
            .check(HealthCheckRequest.newBuilder().setService("dtmgimp.Dtm").build())
            .getStatus().name());
        jar.grpc.newGid();

        Awaitility.await().until(() -> jar.metrics().lines().anyMatch(line ->
            line.startsWith("pactor_grpc_requests_total{code=\"OK\",method=\"newgid\"} ")));
    }

    @Test
    void whatCannotBeIsRefusedAndTheServerGoesOn() {
        DtmRequest large = DtmRequest.newBuilder()
            .addBinPayloads(ByteString.copyFrom(new byte[(4 << 20) + 1])).build();
        assertEquals("RESOURCE_EXHAUSTED", jar.grpc.ask("Submit", large).code());
        assertEquals("UNIMPLEMENTED", jar.grpc.ask("Nothing", large.toBuilder()
            .clearBinPayloads().build()).code());
        assertEquals("INVALID_ARGUMENT", RawCall.start(jar.grpc.channel(), "dtmgimp.Dtm/Submit")
            .send(new byte[] {(byte) 0xff}).halfClose().status().getCode().name());
        assertEquals("INVALID_ARGUMENT", jar.grpc.ask("Submit",
            DtmRequest.newBuilder().setGid("x").setTransType("smoke").build()).code());
        assertEquals("INVALID_ARGUMENT", jar.grpc.ask("Prepare",
            DtmRequest.newBuilder().setTransType("tcc").build()).code());
        assertEquals("NOT_FOUND", jar.grpc.ask("Abort",
            DtmRequest.newBuilder().setGid("x").setTransType("tcc").build()).code());

        assertEquals("OK", jar.grpc.newGid().code());
        assertEquals(List.of(), jar.process.log().stream().skip(1)
            .filter(line -> line.contains("Exception") || line.contains("Netty")).toList());
    }

    /** The first pass ends while the server does, and its client is told. */
    @Test
    void whatIsUnderWayIsAnsweredBeforeTheEnd(@TempDir Path other) throws Exception {
        try (StartedJar ending = StartedJar.in(other)) {
            DtmRequest saga = DtmRequest.newBuilder().setGid("last").setTransType("saga")
                .setSteps("[{\"action\":\"" + ending.url("hang") + "\"}]")
                .addBinPayloads(ByteString.EMPTY)
                .setTransOptions(waiting().setRequestTimeout(2)).build();
            CompletableFuture<String> told = CompletableFuture.supplyAsync(
                () -> ending.grpc.ask("Submit", saga).code());
            Awaitility.await().until(() -> ending.participant.calls("last").size() == 1);

            int exitCode = ending.process.stop();

            assertEquals("FAILED_PRECONDITION", told.get(1, TimeUnit.SECONDS));
            assertEquals(143, exitCode);
            assertEquals("UNAVAILABLE", ending.grpc.newGid().code());
        }
    }

    private static DtmTransOptions.Builder waiting() {
        return DtmTransOptions.newBuilder().setWaitResult(true);
    }

    private static ServerReflectionResponse reflect(ServerReflectionRequest request)
            throws Exception {
        CompletableFuture<ServerReflectionResponse> answer = new CompletableFuture<>();
        List<ServerReflectionResponse> all = new ArrayList<>();
        StreamObserver<ServerReflectionRequest> asking =
            ServerReflectionGrpc.newStub(jar.grpc.channel()).serverReflectionInfo(
                new StreamObserver<>() {
                    @Override
                    public void onNext(ServerReflectionResponse response) {
                        all.add(response);
                    }

                    @Override
                    public void onError(Throwable thrown) {
                        answer.completeExceptionally(thrown);
                    }

                    @Override
                    public void onCompleted() {
                        answer.complete(all.get(0));
                    }
                });
        asking.onNext(request);
        asking.onCompleted();
        return answer.get(30, TimeUnit.SECONDS);
    }
}

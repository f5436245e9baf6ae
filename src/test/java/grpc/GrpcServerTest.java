package grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import audit.Audit;
import com.google.protobuf.ByteString;
import com.google.protobuf.Empty;
import com.google.protobuf.UnknownFieldSet;
import http.MemoryCoordinator;
import io.grpc.CallOptions;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import security.Access;
import transaction.Outcome;
import wire.DtmRequest;
import wire.DtmTransOptions;

/** What the server puts up with, and how it ends. */
class GrpcServerTest {

    private static final String SUBMIT = "dtmgimp.Dtm/Submit";

    private Wire wire;

    @BeforeEach
    void start() {
        wire = Wire.start().participant("http://p/later", MemoryCoordinator.LATER);
    }

    @AfterEach
    void stop() {
        wire.close();
    }

    @Test
    void aMessageThatIsNoneIsTheClientsMistake() {
        for (byte[] bytes : List.of(new byte[] {(byte) 0xff}, new byte[] {0x0a, 5, 'a'},
                new byte[] {0x0a, 1, (byte) 0xc0}, new byte[] {0x07})) {
            Status status = call(SUBMIT).send(bytes).halfClose().status();
            assertEquals(Status.Code.INVALID_ARGUMENT, status.getCode(), status.toString());
        }
    }

    @Test
    void noMessageAndTwoMessagesAreTheClientsMistake() {
        Status none = call(SUBMIT).halfClose().status();
        assertEquals("INVALID_ARGUMENT: a call without a message", shown(none));

        byte[] saga = saga("g", "http://p/yes").toByteArray();
        Status two = call(SUBMIT).send(saga, saga).halfClose().status();
        assertEquals(Status.Code.CANCELLED, two.getCode(), two.toString());
        assertTrue(wire.coordinator.state("g").isAbsent());
    }

    @Test
    void otherServicesAreNoLessPatient() {
        for (String method : List.of("grpc.health.v1.Health/Check", "grpc.health.v1.Health/Watch",
                "grpc.reflection.v1.ServerReflection/ServerReflectionInfo",
                "grpc.reflection.v1alpha.ServerReflection/ServerReflectionInfo")) {
            Status status = call(method).send(new byte[] {(byte) 0xff}).halfClose().status();
            assertEquals(Status.Code.INVALID_ARGUMENT, status.getCode(), method + " " + status);
        }
    }

    @Test
    void whatOlderAndNewerClientsAddIsIgnored() {
        UnknownFieldSet headers = UnknownFieldSet.newBuilder().addField(4,
            UnknownFieldSet.Field.newBuilder().addLengthDelimited(
                ByteString.copyFromUtf8("x-a")).build()).build();
        DtmRequest request = saga("g", "http://p/yes").toBuilder()
            .setTransOptions(DtmTransOptions.newBuilder().setUnknownFields(headers)).build();

        assertEquals("OK", wire.client.ask("Submit", request).code());
        assertEquals("succeed", wire.coordinator.state("g").status().wire());
    }

    /** Read whole, each would be an object, or several, and all together far more than 4 MiB. */
    @Test
    void aMessageOfNothingButFieldsIsRefusedBeforeItIsRead() {
        for (byte[] field : List.of(
                DtmRequest.newBuilder().addBinPayloads(ByteString.EMPTY).build().toByteArray(),
                DtmRequest.newBuilder().putReqExtra("", "").build().toByteArray(),
                UnknownFieldSet.newBuilder().addField(99, UnknownFieldSet.Field.newBuilder()
                    .addVarint(1).build()).build().toByteArray())) {
            byte[] saga = saga("g" + field.length, "http://p/yes").toByteArray();
            int each = field[0] == (DtmRequest.REQEXTRA_FIELD_NUMBER << 3 | 2) ? 3 : 1;
            Status most = call(SUBMIT).send(with(saga, field, 9_996 / each)).halfClose().status();
            assertEquals("OK", shown(most).split(":")[0], shown(most));
            Status more = call(SUBMIT).send(with(saga, field, 10_000)).halfClose().status();
            assertEquals("INVALID_ARGUMENT: a message may have 10000 fields at most", shown(more));
        }
        byte[] inside = DtmRequest.newBuilder().setTransOptions(DtmTransOptions.newBuilder()
            .putBranchHeaders("", "")).build().toByteArray();
        Status deep = call(SUBMIT).send(with(new byte[0], inside, 3_000)).halfClose().status();
        assertEquals("INVALID_ARGUMENT: a message may have 10000 fields at most", shown(deep));
        Status health = call("grpc.health.v1.Health/Check").send(with(new byte[0],
            new byte[] {0x10, 1}, 10_000)).halfClose().status();
        assertEquals(Status.Code.INVALID_ARGUMENT, health.getCode());
    }

    @Test
    void aMessageTooLongIsRefused() {
        DtmRequest large = DtmRequest.newBuilder()
            .addBinPayloads(ByteString.copyFrom(new byte[5 << 20])).build();

        assertEquals("RESOURCE_EXHAUSTED", wire.client.ask("Submit", large).code());
        assertEquals("OK", wire.client.newGid().code(), "the connection goes on");
        Awaitility.await().until(() -> wire.metered.contains("submit RESOURCE_EXHAUSTED"));
    }

    /** Messages that are whole but for their end are as much of a burden. */
    @Test
    void messagesThatAreBeingReceivedAreBoundAltogether() {
        GrpcServerSettings s = Wire.SETTINGS;
        wire.close();
        wire = Wire.start(new GrpcServerSettings(s.host(), 0, true, 4 << 20, 5 << 20,
            s.metadataBytes(), 10, 100, 100, s.messageTimeout(), s.keepAlive(),
            s.keepAliveTimeout(),
            s.permitKeepAlive(), s.maxAge(), s.maxAgeGrace(), s.answerTimeout()));
        byte[] large = DtmRequest.newBuilder().setGid("g").setTransType("tcc")
            .addBinPayloads(ByteString.copyFrom(new byte[3 << 20])).build().toByteArray();
        try (RawCall first = call("dtmgimp.Dtm/Prepare").send(large)) {
            for (String method : List.of("dtmgimp.Dtm/Prepare", "grpc.health.v1.Health/Check")) {
                Awaitility.await().until(() -> shown(call(method).send(large).status())
                    .equals("RESOURCE_EXHAUSTED: " + ReceiveBudgetExceeded.TEXT));
            }
            assertEquals("OK", wire.client.newGid().code(), "what is small goes on");
            assertEquals("OK", first.halfClose().status().getCode().name());
        }
        assertEquals("OK", call("dtmgimp.Dtm/Prepare").send(large).halfClose().status()
            .getCode().name(), "the room is free again");
    }

    @Test
    void aCompressedMessageIsNotTaken() {
        DtmClient.Answer<Empty> answer = answerTo(CallOptions.DEFAULT.withCompression("gzip"));

        assertEquals("UNIMPLEMENTED", answer.code(), answer.text());
    }

    @Test
    void moreMetadataThanIsAllowedEndsTheCallAlone() {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("x-long", Metadata.ASCII_STRING_MARSHALLER),
            "a".repeat(20_000));

        Status status = RawCall.start(wire.client.channel(), SUBMIT, headers).halfClose().status();

        assertFalse(status.isOk());
        assertEquals("OK", wire.client.newGid().code());
    }

    @Test
    void aMethodThatIsNoneIsUnimplemented() {
        assertEquals(Status.Code.UNIMPLEMENTED,
            call("dtmgimp.Dtm/Nothing").halfClose().status().getCode());
        assertEquals(Status.Code.UNIMPLEMENTED,
            call("no.Service/Submit").halfClose().status().getCode());
    }

    @Test
    void aMessageThatDoesNotComeEndsTheCall() {
        wire.close();
        wire = Wire.start(with(Duration.ofMillis(100), Duration.ofSeconds(35), 100));

        Status status = call(SUBMIT).status();

        assertEquals(Status.Code.DEADLINE_EXCEEDED, status.getCode(), status.toString());
        assertTrue(status.getDescription().startsWith("the message did not come"));
    }

    @Test
    void whoWaitsTooLongIsToldThatNothingIsKnown() {
        wire.close();
        wire = Wire.start(with(Duration.ofSeconds(20), Duration.ofMillis(200), 100));
        wire.participant("http://p/later", MemoryCoordinator.LATER);

        DtmClient.Answer<Empty> answer =
            wire.client.ask("Submit", waiting(saga("g", "http://p/later")));

        assertEquals("UNAVAILABLE", answer.code());
        assertTrue(answer.text().contains("ask again with the same gid"), answer.text());
    }

    /** Nobody could tell how far it was, so it is carried out. */
    @Test
    void aClientThatGoesAwayChangesNothing() {
        try (RawCall call = call(SUBMIT)) {
            call.send(waiting(saga("g", "http://p/later")).toByteArray()).halfClose();
            Awaitility.await().until(() -> wire.coordinator.calls().size() == 1);
        }
        Awaitility.await().until(() -> wire.metered.contains("submit CANCELLED"));

        wire.coordinator.release(Outcome.SUCCESS);

        assertEquals("succeed", wire.coordinator.state("g").status().wire());
        assertEquals(1, wire.metered.size(), wire.metered.toString());
        assertEquals("OK", wire.client.newGid().code());
    }

    @Test
    void anAddressThatCannotBeHadIsNamed() {
        GrpcBindException taken = assertThrows(GrpcBindException.class,
            () -> GrpcServer.start(parts(), at("127.0.0.1", wire.port())));
        assertEquals("cannot listen for gRPC on 127.0.0.1:" + wire.port(), taken.getMessage());
        assertTrue(rootOf(taken) instanceof BindException, String.valueOf(rootOf(taken)));
        assertThrows(GrpcBindException.class,
            () -> GrpcServer.start(parts(), at("no.such.host.", 0)));
    }

    @Test
    void untilItIsToldWhatToServeNothingIsDone() {
        GrpcServer bound = GrpcServer.bind(Runnable::run, at("127.0.0.1", 0));
        try (DtmClient client = new DtmClient(bound.address().getPort())) {
            HealthGrpc.HealthBlockingStub health = HealthGrpc.newBlockingStub(client.channel());
            List<String> watched = new CopyOnWriteArrayList<>();
            HealthGrpc.newStub(client.channel()).watch(asked(""), new Remembering(watched));

            assertEquals("UNAVAILABLE: not ready: starting; nothing was done, try again",
                shown(client.ask("Submit", saga("g", "http://p/yes")).status()));
            assertEquals("UNAVAILABLE", client.newGid().code());
            assertEquals("NOT_SERVING", health.check(asked("")).getStatus().name());

            bound.serve(wire.coordinator, CallMeter.NONE, Access.OPEN, Audit.NONE);

            assertEquals("SERVING", health.check(asked("dtmgimp.Dtm")).getStatus().name());
            assertTrue(wire.coordinator.state("g").isAbsent());
            assertEquals("OK", client.ask("Submit", saga("g", "http://p/yes")).code());
            Awaitility.await().until(() -> watched.equals(List.of("NOT_SERVING", "SERVING")));
        } finally {
            bound.drain(Duration.ZERO).toCompletableFuture().join();
        }
    }

    @Test
    void healthIsWhatHoldsNow() {
        HealthGrpc.HealthBlockingStub health = HealthGrpc.newBlockingStub(wire.client.channel());
        List<String> watched = new CopyOnWriteArrayList<>();
        HealthGrpc.newStub(wire.client.channel()).watch(asked(""), new Remembering(watched));
        for (String service : List.of("", "dtmgimp.Dtm")) {
            assertEquals("SERVING", health.check(asked(service)).getStatus().name());
            wire.coordinator.notReady("starting");
            assertEquals("NOT_SERVING", health.check(asked(service)).getStatus().name());
            wire.coordinator.notReady(null);
        }
        wire.coordinator.notReady("stopping");
        Awaitility.await().until(() -> !watched.isEmpty()
            && watched.get(watched.size() - 1).equals("NOT_SERVING"));
    }

    /** Health is watched for ever, and must not hold up the end. */
    @Test
    void theDrainFinishesWhatIsUnderWayAndNoMore() {
        List<String> watched = new CopyOnWriteArrayList<>();
        HealthGrpc.newStub(wire.client.channel()).watch(asked(""), new Remembering(watched));
        CompletableFuture<String> waiting = CompletableFuture.supplyAsync(() -> wire.client.ask(
            "Submit", waiting(saga("g", "http://p/later"))).code());
        Awaitility.await().until(() -> wire.coordinator.calls().size() == 1);

        CompletableFuture<Void> drained =
            wire.server.drain(Duration.ofSeconds(30)).toCompletableFuture();
        Awaitility.await().until(() -> watched.contains("NOT_SERVING"));
        assertFalse(drained.isDone());
        wire.coordinator.release(Outcome.SUCCESS);

        assertEquals("OK", waiting.join());
        assertTrue(drained.completeOnTimeout(null, 10, TimeUnit.SECONDS).thenApply(
            done -> true).join());
        assertThrows(IOException.class, () -> new Socket().connect(
            new InetSocketAddress("127.0.0.1", wire.port()), 1_000));
    }

    private DtmClient.Answer<Empty> answerTo(CallOptions options) {
        try {
            return new DtmClient.Answer<>(Status.OK, ClientCalls.blockingUnaryCall(
                wire.client.channel(), DtmClient.method("Submit", DtmRequest.getDefaultInstance(),
                    Empty.getDefaultInstance()), options, saga("g", "http://p/yes")));
        } catch (StatusRuntimeException failed) {
            return new DtmClient.Answer<>(failed.getStatus(), null);
        }
    }

    private RawCall call(String method) {
        return RawCall.start(wire.client.channel(), method);
    }

    private record Remembering(List<String> statuses)
            implements StreamObserver<HealthCheckResponse> {

        @Override
        public void onNext(HealthCheckResponse response) {
            statuses.add(response.getStatus().name());
        }

        @Override
        public void onError(Throwable end) {}

        @Override
        public void onCompleted() {}
    }

    private GrpcServer.Parts parts() {
        return new GrpcServer.Parts(wire.coordinator, CallMeter.NONE, Runnable::run);
    }

    private static GrpcServerSettings at(String host, int port) {
        GrpcServerSettings s = Wire.SETTINGS;
        return new GrpcServerSettings(host, port, s.reflection(), s.messageBytes(), s.buffered(),
            s.metadataBytes(), s.maxConnections(), s.maxCalls(), s.maxOpenCalls(),
            s.messageTimeout(), s.keepAlive(), s.keepAliveTimeout(), s.permitKeepAlive(),
            s.maxAge(), s.maxAgeGrace(), s.answerTimeout());
    }

    private static GrpcServerSettings with(Duration message, Duration answer, int connections) {
        GrpcServerSettings s = Wire.SETTINGS;
        return new GrpcServerSettings(s.host(), s.port(), s.reflection(), s.messageBytes(),
            s.buffered(), s.metadataBytes(), connections, s.maxCalls(), s.maxOpenCalls(),
            message, s.keepAlive(), s.keepAliveTimeout(), s.permitKeepAlive(), s.maxAge(),
            s.maxAgeGrace(), answer);
    }

    private static byte[] with(byte[] message, byte[] field, int times) {
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        all.writeBytes(message);
        for (int i = 0; i < times; i++) {
            all.writeBytes(field);
        }
        return all.toByteArray();
    }

    private static HealthCheckRequest asked(String service) {
        return HealthCheckRequest.newBuilder().setService(service).build();
    }

    private static DtmRequest saga(String gid, String url) {
        return DtmRequest.newBuilder().setGid(gid).setTransType("saga")
            .setSteps("[{\"action\":\"" + url + "\"}]").addBinPayloads(ByteString.EMPTY).build();
    }

    private static DtmRequest waiting(DtmRequest request) {
        return request.toBuilder()
            .setTransOptions(DtmTransOptions.newBuilder().setWaitResult(true)).build();
    }

    private static String shown(Status status) {
        return status.getCode() + ": " + status.getDescription();
    }

    private static Throwable rootOf(Throwable thrown) {
        return thrown.getCause() == null ? thrown : rootOf(thrown.getCause());
    }
}

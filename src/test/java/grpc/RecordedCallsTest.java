package grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import audit.Audit;
import audit.MemoryLog;
import com.google.protobuf.Empty;
import io.grpc.CallOptions;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import security.Access;
import security.Identities;
import security.Token;
import wire.DtmTopicRequest;

/** J-03 over gRPC: what is put on record of each call. */
class RecordedCallsTest {

    private final MemoryLog log = new MemoryLog();
    private final Wire wire = Wire.start(
        new Access(true, () -> Identities.of(List.of(line("operator"), line("client"))), List::of),
        new Audit(log, Audit.Reads.OFF, Runnable::run));

    private static String line(String role) {
        return role + " " + role + " sha256:" + HexFormat.of().formatHex(Token.hash(role));
    }

    @AfterEach
    void close() {
        wire.close();
    }

    private String call(String role, String method) {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER),
            "Bearer " + role);
        headers.put(Metadata.Key.of("pactor-reason", Metadata.ASCII_STRING_MARSHALLER), "why");
        DtmTopicRequest asked = DtmTopicRequest.newBuilder().setTopic("t")
            .setURL("http://u:canary@a/x").setRemark("canary").build();
        try {
            ClientCalls.blockingUnaryCall(ClientInterceptors.intercept(wire.client.channel(),
                    MetadataUtils.newAttachHeadersInterceptor(headers)),
                DtmClient.method(method, asked, Empty.getDefaultInstance()),
                CallOptions.DEFAULT, asked);
            return "OK";
        } catch (StatusRuntimeException failed) {
            return failed.getStatus().getCode() + ": " + failed.getStatus().getDescription();
        }
    }

    @Test
    void anOperatorsCallIsTwoRows() {
        for (String method : List.of("Subscribe", "Unsubscribe", "DeleteTopic")) {
            int before = log.lines().size();
            assertEquals("OK", call("operator", method));
            String rest = "|operator|token|dtmgimp.Dtm/" + method
                + "|topic=t url=http://***@a/x|why||";
            assertEquals(List.of("intent" + rest + "|", "result" + rest + "|OK"),
                log.lines().subList(before, log.lines().size()));
        }
    }

    @Test
    void aRefusalIsOneRow() {
        assertTrue(call("client", "Subscribe").startsWith("PERMISSION_DENIED"));
        assertEquals(List.of("refusal|client|token|dtmgimp.Dtm/Subscribe|||||PERMISSION_DENIED"),
            log.lines());
    }

    @Test
    void whatCannotBePutOnRecordIsNotDone() {
        log.failAfter(0);
        assertTrue(call("operator", "Subscribe").startsWith("UNAVAILABLE: the audit log"));
        log.failAfter(Integer.MAX_VALUE);
        assertTrue(call("operator", "DeleteTopic").startsWith("NOT_FOUND"));
        assertEquals("NOT_FOUND", log.acts().get(1).result());
    }
}

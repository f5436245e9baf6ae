package branch;

import io.grpc.Metadata;
import java.time.Duration;
import transaction.Bytes;
import transaction.GrpcUrl;

/**
 * One gRPC call, ready to be made.
 *
 * @param gid for failpoints
 * @param url whom it goes to, and which method
 * @param metadata what goes along; not changed after, and used once
 * @param payload the bytes of the message
 * @param timeout time from getting its turn until the status has been read; positive
 */
record GrpcRequest(
        String gid, GrpcUrl url, Metadata metadata, Bytes payload, Duration timeout) {}

package branch;

import io.grpc.Status;
import java.time.Duration;

/**
 * How a gRPC call ended.
 *
 * @param told {@code grpc-status} as the participant wrote it at the end of the call; empty if it
 *     did not, or gave several that differ: then {@code code} was made on this side
 * @param code what grpc-java makes of it; not {@code told} if the answer was broken otherwise
 * @param message what the participant said, or what went wrong on this side; may be empty
 * @param pushback how long the participant wants to be left alone; zero if it did not say
 */
record GrpcAnswer(String told, Status.Code code, String message, Duration pushback) {

    GrpcAnswer(String told, Status.Code code, String message) {
        this(told, code, message, Duration.ZERO);
    }

    /** Whether the participant gave this code and nothing was wrong with its answer. */
    boolean says(Status.Code expected) {
        return code == expected && told.equals(Integer.toString(expected.value()));
    }

    /** The same for a number that is no code of gRPC's. */
    boolean says(int number) {
        return code == Status.Code.UNKNOWN && told.equals(Integer.toString(number));
    }
}

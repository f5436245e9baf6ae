package grpc;

import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.protobuf.services.HealthStatusManager;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The standard health service: SERVING exactly while the coordinator can serve, for the server as a
 * whole and for DTM's service. Who asks is told what holds now; who watches hears of a change at
 * the next {@link #look}.
 */
final class Health {

    private final HealthStatusManager told = new HealthStatusManager();
    private final Supplier<Optional<String>> notReady;

    /** @param notReady why nothing can be served at present; empty if it can */
    Health(Supplier<Optional<String>> notReady) {
        this.notReady = notReady;
        look();
    }

    ServerServiceDefinition definition() {
        return ServerInterceptors.intercept(told.getHealthService(), new ServerInterceptor() {
            @Override
            public <Q, A> ServerCall.Listener<Q> interceptCall(
                    ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
                look();
                return next.startCall(call, headers);
            }
        });
    }

    /** Takes note of how things are. Does not block. */
    void look() {
        ServingStatus now = notReady.get().isEmpty()
            ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
        told.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, now);
        told.setStatus(DtmMethods.SERVICE, now);
    }

    /** NOT_SERVING from now on, whatever comes. */
    void end() {
        told.enterTerminalState();
    }
}

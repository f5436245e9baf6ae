package grpc;

/** The server's address cannot be had. The message says which; its cause is the system's reason. */
public final class GrpcBindException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    GrpcBindException(String host, int port, Throwable cause) {
        super("cannot listen for gRPC on " + host + ":" + port, cause);
    }
}

/**
 * The gRPC facade: DTM's service {@code dtmgimp.Dtm} over the {@link transaction.Coordinator}.
 *
 * <p>A call comes in through {@link grpc.GrpcServer} and {@link grpc.UnaryCall}, which sees to it
 * that there is one answer whatever happens; {@link grpc.DtmService} makes commands of messages
 * with the readers of package {@code wire}; a {@link transaction.Reply} becomes a status in
 * {@link grpc.GrpcResponse}, and nowhere else. The methods are described by hand in
 * {@link grpc.DtmMethods}, over generated messages.
 *
 * <p>Nothing here blocks a thread of the server.
 */
package grpc;

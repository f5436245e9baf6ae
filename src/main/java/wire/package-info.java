/**
 * DTM's words, whichever way they come: the messages of its gRPC contract, generated from
 * {@code src/main/proto}, and the readers that the HTTP and the gRPC interface share, since both
 * carry JSON and the same requests. No input or output, and nothing that knows a network.
 */
package wire;

package pactor.settings;

/**
 * What part of the heap each kind of thing may take at most, whatever the settings say. Together
 * they leave room for the rest, whatever the heap's size; the table "What multiplies" in
 * docs/overload.md shows what each of them covers.
 */
public enum HeapShare {

    /** Heads and bodies that are being received over HTTP. */
    HTTP_RECEIVED(16),

    /** Messages that are being received over gRPC. */
    GRPC_RECEIVED(16),

    /** Connections that are open over gRPC. */
    GRPC_CONNECTIONS(16),

    /** Calls that are open over gRPC, whether or not anything of them has come. */
    GRPC_CALLS(16),

    /** Payloads of requests under way: each is there three times until it is written. */
    IN_FLIGHT(16),

    /** Answers that clients have not read. */
    ANSWERS(16),

    /** Transactions in memory. */
    TRANSACTIONS(4),

    /** Events kept for those who watch. */
    EVENTS(32);

    private final int part;

    HeapShare(int part) {
        this.part = part;
    }

    public long ofThisHeap() {
        return of(Runtime.getRuntime().maxMemory());
    }

    long of(long heapBytes) {
        return heapBytes / part;
    }

    /** {@code asked}, or what this process has for it if less, but room for one at least. */
    long atMost(long asked, long largest) {
        return atMost(asked, largest, Runtime.getRuntime().maxMemory());
    }

    long atMost(long asked, long largest, long heapBytes) {
        return Math.min(asked, Math.max(largest, of(heapBytes)));
    }
}

package transaction;

import java.util.Optional;

/** How the branches of a transaction are called, with the names clients use ({@code protocol}). */
public enum Protocol {
    HTTP("http"),
    GRPC("grpc"),
    JSON_RPC("json-rpc");

    private final String wire;

    Protocol(String wire) {
        this.wire = wire;
    }

    public String wire() {
        return wire;
    }

    /** The protocol of that name; an empty name means HTTP, an unknown one is empty. */
    public static Optional<Protocol> of(String wire) {
        if (wire.isEmpty()) {
            return Optional.of(HTTP);
        }
        for (Protocol protocol : values()) {
            if (protocol.wire.equals(wire)) {
                return Optional.of(protocol);
            }
        }
        return Optional.empty();
    }
}

package transaction;

import java.util.Optional;

/**
 * How answers over HTTP are read for a verdict, with the names clients use ({@code verdict_mode});
 * docs/protocol.md, calls to participants.
 */
public enum VerdictMode {
    /** The initiator did not say: the server's setting holds. */
    UNSAID(""),
    /** As DTM: a word anywhere in the body counts, and so does a 200 that says nothing. */
    DTM("dtm"),
    /** The status and {@code dtm_result} count, and nothing else. */
    STRICT("strict");

    private final String wire;

    VerdictMode(String wire) {
        this.wire = wire;
    }

    public String wire() {
        return wire;
    }

    /** The mode of that name; none if there is no such mode. */
    public static Optional<VerdictMode> of(String wire) {
        for (VerdictMode mode : values()) {
            if (mode.wire.equals(wire)) {
                return Optional.of(mode);
            }
        }
        return Optional.empty();
    }

    /** This one, or {@code other} where nothing was said. */
    public VerdictMode or(VerdictMode other) {
        return this == UNSAID ? other : this;
    }
}

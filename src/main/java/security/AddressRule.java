package security;

import address.AddressRange;
import java.util.List;
import java.util.Optional;

/**
 * Who is at an address, for callers that cannot say so themselves; in the manner of PostgreSQL's
 * {@code pg_hba.conf}: the first rule that fits decides. Immutable.
 *
 * @param listener empty for each
 * @param from empty for everywhere
 * @param encrypted whether the connection must be TLS; empty if that is all one
 * @param caller who it is; empty if nobody is let in from there
 */
public record AddressRule(Optional<Listener> listener, Optional<AddressRange> from,
        Optional<Boolean> encrypted, Optional<Caller> caller) {

    /** Where requests come in. */
    public enum Listener { HTTP, GRPC }

    private static final String FORM = "a rule is LISTENER ADDRESS TLS ROLE, as in"
        + " \"grpc 10.0.0.0/8 any client:orders-*\"";

    /**
     * Reads four words: {@code http}, {@code grpc} or {@code any}; an address, a range or
     * {@code any}; {@code tls}, {@code plain} or {@code any}; a role with its scope, or
     * {@code reject}.
     *
     * @throws IllegalArgumentException with what is wrong
     */
    public static AddressRule of(String text) {
        String[] words = text.strip().split("\\s+");
        if (words.length != 4) {
            throw new IllegalArgumentException(FORM + ", not \"" + text + "\"");
        }
        Optional<Listener> listener = switch (words[0]) {
            case "http" -> Optional.of(Listener.HTTP);
            case "grpc" -> Optional.of(Listener.GRPC);
            case "any" -> Optional.empty();
            default -> throw new IllegalArgumentException(
                "a rule begins with http, grpc or any, not \"" + words[0] + "\"");
        };
        Optional<Boolean> encrypted = switch (words[2]) {
            case "tls" -> Optional.of(true);
            case "plain" -> Optional.of(false);
            case "any" -> Optional.empty();
            default -> throw new IllegalArgumentException(
                "the third word of a rule is tls, plain or any, not \"" + words[2] + "\"");
        };
        Optional<AddressRange> from = words[1].equals("any") ? Optional.empty()
            : Optional.of(AddressRange.of(words[1]));
        return new AddressRule(listener, from, encrypted, words[3].equals("reject")
            ? Optional.empty() : Optional.of(Caller.granted(words[1], words[3])));
    }

    /**
     * Reads a file's lines, but empty ones and those after a {@code #}.
     *
     * @throws IllegalArgumentException with the number of the line and what is wrong with it
     */
    public static List<AddressRule> of(List<String> lines) {
        return Lines.read(lines, AddressRule::of);
    }

    boolean fits(Listener at, Peer peer) {
        return (listener.isEmpty() || listener.get() == at)
            && (from.isEmpty() || from.get().contains(peer.address()))
            && (encrypted.isEmpty() || encrypted.get() == peer.encrypted());
    }
}

package tls;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where the certificates and the key of one side lie, as PEM. Immutable.
 *
 * @param certificate this side's own, followed by those between it and its authority; given if and
 *     only if {@code key} is
 * @param key of the first of them
 * @param authorities who may vouch for the other side
 */
public record TlsFiles(Optional<Path> certificate, Optional<Path> key, Optional<Path> authorities) {

    /** None of them. */
    public static final TlsFiles NONE =
        new TlsFiles(Optional.empty(), Optional.empty(), Optional.empty());

    /** @throws IllegalArgumentException if there is a certificate without a key or the reverse */
    public TlsFiles {
        if (certificate.isPresent() != key.isPresent()) {
            throw new IllegalArgumentException("a certificate and a key belong together");
        }
    }

    /** Whether this side has a certificate to show. */
    public boolean hasIdentity() {
        return certificate.isPresent();
    }

    /** Those that are given. */
    public List<Path> all() {
        return Stream.of(certificate, key, authorities).flatMap(Optional::stream).toList();
    }
}

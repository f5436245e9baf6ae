package security;

import java.net.InetAddress;
import java.security.cert.X509Certificate;
import java.util.Objects;
import java.util.Optional;

/**
 * The other end of a connection. Immutable.
 *
 * @param address from which it comes; that of a proxy if there is one in between
 * @param encrypted whether the connection is TLS
 * @param certificate what the client has shown and the server has verified; empty if it has not
 */
public record Peer(InetAddress address, boolean encrypted, Optional<X509Certificate> certificate) {

    public Peer {
        Objects.requireNonNull(address, "address");
        Objects.requireNonNull(certificate, "certificate");
    }

    /** One that speaks in the clear. */
    public static Peer plain(InetAddress address) {
        return new Peer(address, false, Optional.empty());
    }
}

package grpc;

import io.grpc.Attributes;
import io.grpc.Grpc;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Optional;
import javax.net.ssl.SSLSession;
import security.Peer;
import tls.ServerTls;

/** Who is at the other end of a call. */
final class CallPeer {

    private CallPeer() {}

    /** @param attributes of the call, as {@code ServerCall.getAttributes} tells them */
    static Peer of(Attributes attributes) {
        InetAddress address = ((InetSocketAddress)
            attributes.get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR)).getAddress();
        SSLSession session = attributes.get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
        return session == null ? Peer.plain(address)
            : new Peer(address, true, Optional.of(session).flatMap(ServerTls::verified));
    }
}

package branch;

import credential.Identity;
import credential.ParticipantCredentials;
import credential.Site;
import io.netty.handler.ssl.SslContext;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import tls.NettyTls;
import transaction.GrpcUrl;

/**
 * With what TLS participants are spoken to: all in the same way, but for those that have an
 * identity of their own. Thread-safe.
 */
final class CallTls {

    private static final List<String> HTTP_2 = List.of("h2");

    private final SslContext http;
    private final SslContext grpc;
    private final ParticipantCredentials credentials;

    private CallTls(SslContext http, SslContext grpc, ParticipantCredentials credentials) {
        this.http = http;
        this.grpc = grpc;
        this.credentials = credentials;
    }

    /** The same for all over HTTP; over gRPC whom the JVM trusts is trusted. */
    static CallTls of(SslContext http) {
        return new CallTls(http, NettyTls.client(HttpTransport.trustOfTheJvm(), HTTP_2),
                ParticipantCredentials.none());
    }

    /** @param contexts for those without an identity; asked for each connection */
    static CallTls of(Supplier<SSLContext> contexts, ParticipantCredentials credentials) {
        return new CallTls(HttpTransport.tls(contexts), NettyTls.client(contexts, HTTP_2),
                credentials);
    }

    /** Another object when it has changed: what was opened with the former is not used again. */
    SslContext to(Origin origin) {
        return origin.secure()
                ? own(new Site("https", origin.host(), origin.port(), "/"), http) : http;
    }

    /** The same for a target of gRPC. */
    SslContext to(GrpcUrl url) {
        return url.isSecure() ? own(Site.of(url), grpc) : grpc;
    }

    ParticipantCredentials credentials() {
        return credentials;
    }

    private SslContext own(Site site, SslContext otherwise) {
        return credentials.identity(site).map(Identity::tls).orElse(otherwise);
    }
}

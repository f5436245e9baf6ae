package tls;

import io.netty.buffer.ByteBufAllocator;
import io.netty.handler.ssl.ApplicationProtocolConfig;
import io.netty.handler.ssl.ApplicationProtocolConfig.Protocol;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectedListenerFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolConfig.SelectorFailureBehavior;
import io.netty.handler.ssl.ApplicationProtocolNegotiator;
import io.netty.handler.ssl.IdentityCipherSuiteFilter;
import io.netty.handler.ssl.JdkSslContext;
import io.netty.handler.ssl.SslContext;
import java.util.List;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLSessionContext;

/** A context as Netty wants it, in which each new connection finds what is in force. */
public final class NettyTls extends SslContext {

    private final Supplier<SSLContext> contexts;
    private final ClientAuth clientAuth;
    private final boolean isClient;
    private final ApplicationProtocolConfig protocols;
    private volatile JdkSslContext current;

    private NettyTls(Supplier<SSLContext> contexts, ClientAuth clientAuth, boolean isClient,
            List<String> protocols) {
        this.contexts = contexts;
        this.clientAuth = clientAuth;
        this.isClient = isClient;
        this.protocols = protocols.isEmpty() ? ApplicationProtocolConfig.DISABLED
            : new ApplicationProtocolConfig(Protocol.ALPN, SelectorFailureBehavior.NO_ADVERTISE,
                SelectedListenerFailureBehavior.ACCEPT, protocols);
    }

    /** @param protocols that a connection may carry (ALPN) */
    public static NettyTls server(ServerTls tls, List<String> protocols) {
        return new NettyTls(tls.context(), tls.clientAuth(), false, protocols);
    }

    /**
     * For a client.
     *
     * @param contexts asked for each connection; does not block
     * @param protocols that a connection may carry (ALPN); may be empty
     */
    public static NettyTls client(Supplier<SSLContext> contexts, List<String> protocols) {
        return new NettyTls(contexts, ClientAuth.NONE, true, protocols);
    }

    @Override
    public boolean isClient() {
        return isClient;
    }

    @Override
    public List<String> cipherSuites() {
        return now().cipherSuites();
    }

    @Override
    @SuppressWarnings("deprecation") // That is how the method is declared.
    public ApplicationProtocolNegotiator applicationProtocolNegotiator() {
        return now().applicationProtocolNegotiator();
    }

    @Override
    public SSLEngine newEngine(ByteBufAllocator buffers) {
        return now().newEngine(buffers);
    }

    @Override
    public SSLEngine newEngine(ByteBufAllocator buffers, String host, int port) {
        return now().newEngine(buffers, host, port);
    }

    @Override
    public SSLSessionContext sessionContext() {
        return now().sessionContext();
    }

    private JdkSslContext now() {
        SSLContext context = contexts.get();
        JdkSslContext known = current;
        if (known == null || known.context() != context) {
            // Two threads may make one each, and both are as good.
            known = new JdkSslContext(context, isClient, TlsRules.suites(context),
                IdentityCipherSuiteFilter.INSTANCE, protocols, netty(),
                TlsRules.PROTOCOLS.toArray(String[]::new), false);
            current = known;
        }
        return known;
    }

    private io.netty.handler.ssl.ClientAuth netty() {
        return switch (clientAuth) {
            case NONE -> io.netty.handler.ssl.ClientAuth.NONE;
            case OPTIONAL -> io.netty.handler.ssl.ClientAuth.OPTIONAL;
            case REQUIRED -> io.netty.handler.ssl.ClientAuth.REQUIRE;
        };
    }
}

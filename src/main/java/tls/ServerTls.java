package tls;

import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/**
 * TLS as a server speaks it.
 *
 * @param context asked for each connection; does not block
 */
public record ServerTls(Supplier<SSLContext> context, ClientAuth clientAuth) {

    /**
     * For one connection.
     *
     * @param protocols that it may carry (ALPN)
     */
    public SSLEngine engine(List<String> protocols) {
        SSLContext now = context.get();
        SSLEngine engine = now.createSSLEngine();
        engine.setUseClientMode(false);
        SSLParameters parameters = new SSLParameters(
            TlsRules.suites(now).toArray(String[]::new),
            TlsRules.PROTOCOLS.toArray(String[]::new));
        parameters.setUseCipherSuitesOrder(true);
        parameters.setApplicationProtocols(protocols.toArray(String[]::new));
        switch (clientAuth) {
            case NONE -> { }
            case OPTIONAL -> parameters.setWantClientAuth(true);
            case REQUIRED -> parameters.setNeedClientAuth(true);
        }
        engine.setSSLParameters(parameters);
        return engine;
    }

    /** What the client has shown, if it has; whoever was not vouched for got no session. */
    public static Optional<X509Certificate> verified(SSLSession session) {
        try {
            return Optional.of((X509Certificate) session.getPeerCertificates()[0]);
        } catch (SSLPeerUnverifiedException none) {
            return Optional.empty();
        }
    }
}

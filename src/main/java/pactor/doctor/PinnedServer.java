package pactor.doctor;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** Tells a server that has one certificate from all others; no request is sent. */
final class PinnedServer {

    private final X509Certificate certificate;

    PinnedServer(X509Certificate certificate) {
        this.certificate = certificate;
    }

    /**
     * Whether that certificate, and the key to it, are at that address. Blocks.
     *
     * @throws IOException if there was no answer within {@code within}
     */
    boolean isAt(InetSocketAddress address, Duration within) throws IOException {
        AtomicBoolean seen = new AtomicBoolean();
        try (Socket plain = new Socket()) {
            plain.connect(address, (int) within.toMillis());
            plain.setSoTimeout((int) within.toMillis());
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {new Pin(seen)}, null);
            try (SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket(
                    plain, address.getHostString(), address.getPort(), true)) {
                socket.startHandshake();
            }
            return true;
        } catch (SSLException refused) {
            // Who wants a certificate of this client may say so only after showing its own.
            return seen.get();
        } catch (GeneralSecurityException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** Trusts the one, and nobody for what some authority says. */
    private final class Pin implements X509TrustManager {

        private final AtomicBoolean seen;

        Pin(AtomicBoolean seen) {
            this.seen = seen;
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String by)
                throws CertificateException {
            if (!chain[0].equals(certificate)) {
                throw new CertificateException("another certificate");
            }
            seen.set(true);
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String by)
                throws CertificateException {
            throw new CertificateException("this is a client");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}

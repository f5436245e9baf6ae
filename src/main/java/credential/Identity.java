package credential;

import io.netty.handler.ssl.SslContext;
import java.util.List;
import javax.net.ssl.SSLContext;
import tls.NettyTls;

/**
 * With what TLS one participant is spoken to. Compared by being the same object: what was opened
 * with another one is not used again.
 */
public final class Identity {

    private final SSLContext context;
    private final SslContext tls;

    Identity(SSLContext context, List<String> protocols) {
        this.context = context;
        this.tls = NettyTls.client(() -> context, protocols);
    }

    /** The same as the JDK has it. */
    SSLContext context() {
        return context;
    }

    /** For new connections. */
    public SslContext tls() {
        return tls;
    }
}

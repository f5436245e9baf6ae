package branch;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ConnectTimeoutException;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLParameters;
import transaction.Limits;

/**
 * One attempt to open a connection. It tries a host's addresses in turn, which repeats nothing,
 * since no byte of a request has been sent yet. Ends in {@link HostConnections#dialed} or {@link
 * Host#dialFailed}, once.
 */
final class ConnectAttempt {

    private final HostConnections host;
    private final Dials.Allowed allowed;
    private final Iterator<InetAddress> left;
    private final int timeoutMillis;
    private String problem = "";
    private boolean isOurs;

    ConnectAttempt(HostConnections host, Dials.Allowed allowed) {
        this.host = host;
        this.allowed = allowed;
        List<InetAddress> addresses = allowed.addresses();
        int tried = Math.min(addresses.size(), Limits.ADDRESSES_TRIED);
        this.left = addresses.subList(0, tried).iterator();
        long whole = host.transport().settings().connectTimeout().toMillis();
        this.timeoutMillis = (int) Math.max(1, Math.min(Integer.MAX_VALUE, whole / tried));
    }

    /** Goes on with the next address. */
    void next() {
        if (!left.hasNext()) {
            host.dialFailed(problem, isOurs);
            return;
        }
        InetSocketAddress address = new InetSocketAddress(left.next(), host.origin().port());
        SslContext tls = host.transport().tls().to(host.origin());
        Connection connection = new Connection(host, allowed.rules(), tls);
        long begin = System.nanoTime();
        new Bootstrap()
                .group(host.loop())
                .channel(NioSocketChannel.class)
                .disableResolver()
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, timeoutMillis)
                .option(ChannelOption.TCP_NODELAY, true)
                .option(ChannelOption.SO_KEEPALIVE, true)
                .handler(handlers(connection, tls))
                .connect(address)
                .addListener(connected -> {
                    if (!connected.isSuccess()) {
                        failed(connected.cause(), System.nanoTime() - begin);
                        next();
                    }
                });
    }

    private void failed(Throwable cause, long took) {
        boolean isForTime = cause instanceof ConnectTimeoutException;
        long late = isForTime ? took - TimeUnit.MILLISECONDS.toNanos(timeoutMillis) : 0;
        isOurs = HttpTransport.isLate(late);
        problem = "no connection: " + text(cause) + HttpTransport.lateness(late);
    }

    /** {@code thrown} in a few words. */
    static String text(Throwable thrown) {
        String message = thrown.getMessage();
        return message == null ? thrown.getClass().getSimpleName() : message;
    }

    private ChannelInitializer<Channel> handlers(Connection connection, SslContext tls) {
        return new ChannelInitializer<>() {
            @Override
            protected void initChannel(Channel channel) {
                if (host.origin().secure()) {
                    channel.pipeline().addLast(tls(channel, tls));
                }
                AnswerDecoder decoder =
                        new AnswerDecoder(new HttpDecoderConfig()
                                .setMaxHeaderSize(Limits.ANSWER_HEAD_BYTES)
                                .setMaxChunkSize(Limits.ANSWER_PIECE_BYTES));
                connection.readsFrom(decoder);
                channel.pipeline().addLast(decoder, connection);
            }
        };
    }

    private SslHandler tls(Channel channel, SslContext tls) {
        Origin to = host.origin();
        SslHandler handler = tls.newHandler(channel.alloc(), to.host(), to.port());
        SSLParameters parameters = handler.engine().getSSLParameters();
        // Without it any valid certificate would do, whomever it was given to.
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        handler.engine().setSSLParameters(parameters);
        handler.setHandshakeTimeout(
                host.transport().settings().connectTimeout().toMillis(), TimeUnit.MILLISECONDS);
        return handler;
    }
}

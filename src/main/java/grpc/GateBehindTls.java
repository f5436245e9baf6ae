package grpc;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.ssl.SslHandler;

/**
 * Puts a {@link Gate} behind TLS, so that it sees what grpc-java sees. That comes only when the
 * connection is active, and the connection counts before, as long as its handshake takes.
 */
final class GateBehindTls extends ChannelInboundHandlerAdapter {

    private final Gate gate;

    GateBehindTls(Gate gate) {
        this.gate = gate;
    }

    @Override
    public void channelRegistered(ChannelHandlerContext context) throws Exception {
        gate.enter();
        context.fireChannelRegistered();
    }

    @Override
    public void channelActive(ChannelHandlerContext context) throws Exception {
        context.fireChannelActive();
        ChannelHandlerContext tls = context.pipeline().context(SslHandler.class);
        if (tls == null) {
            // Nothing may pass by the gate.
            context.close();
        } else {
            context.pipeline().addAfter(tls.name(), null, gate).remove(this);
        }
    }
}

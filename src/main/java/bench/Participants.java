package bench;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The participants of the tool's transactions: they do no work, note who was called, and answer at
 * once. One thread of their own.
 */
final class Participants implements AutoCloseable {

    private final EventLoopGroup group =
            new MultiThreadIoEventLoopGroup(1,
                    new DefaultThreadFactory("bench-participants", true),
                    NioIoHandler.newFactory());
    private final Channel channel;

    /**
     * Starts them on a free port.
     *
     * @param host the address to listen on, and to be called at
     * @param connection puts in what reads and answers the calls of one connection
     * @throws IllegalStateException if that address cannot be bound
     */
    Participants(String host, Consumer<ChannelPipeline> connection) {
        ServerBootstrap bootstrap = new ServerBootstrap().group(group)
                .channel(NioServerSocketChannel.class)
                .option(ChannelOption.SO_BACKLOG, 1_024)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childHandler(new ChannelInitializer<Channel>() {
                    @Override
                    protected void initChannel(Channel accepted) {
                        connection.accept(accepted.pipeline());
                    }
                });
        var bound = bootstrap.bind(new InetSocketAddress(host, 0)).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS);
            throw new IllegalStateException("The participants cannot listen on " + host + ": "
                    + bound.cause().getMessage(), bound.cause());
        }
        this.channel = bound.channel();
    }

    /** Where they listen. */
    int port() {
        return ((InetSocketAddress) channel.localAddress()).getPort();
    }

    /** Hangs up and ends their thread. Blocks for at most a few seconds; does not throw. */
    @Override
    public void close() {
        channel.close().awaitUninterruptibly();
        group.shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }
}

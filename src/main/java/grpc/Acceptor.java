package grpc;

import io.netty.channel.Channel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A listening socket that lets only so many connections be open at once. The others wait in the
 * operating system's backlog, and are accepted as soon as one closes.
 */
final class Acceptor extends NioServerSocketChannel {

    private final int most;
    private final AtomicInteger open = new AtomicInteger();

    Acceptor(int most) {
        this.most = most;
    }

    /** One connection at a time; it goes on only while there is room. */
    @Override
    protected int doReadMessages(List<Object> accepted) throws Exception {
        int read = super.doReadMessages(accepted);
        if (read > 0) {
            Channel connection = (Channel) accepted.get(accepted.size() - 1);
            if (open.incrementAndGet() >= most) {
                config().setAutoRead(false);
            }
            connection.closeFuture().addListener(closed -> goOn());
        }
        return read;
    }

    private void goOn() {
        if (open.decrementAndGet() < most && isOpen()) {
            eventLoop().execute(() -> {
                if (open.get() < most && isOpen()) {
                    config().setAutoRead(true);
                }
            });
        }
    }
}

package grpc;

import io.netty.channel.Channel;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.util.List;

/**
 * A listening socket that puts each connection behind a {@link Gate}, and lets only so many be open
 * at once. The others wait in the operating system's backlog, and are accepted as soon as one
 * closes.
 */
final class Acceptor extends NioServerSocketChannel {

    private final AdmittedCalls calls;
    private final OpenConnections connections;
    private final boolean isEncrypted;

    /** @param isEncrypted whether grpc-java puts TLS before what it reads */
    Acceptor(AdmittedCalls calls, OpenConnections connections, boolean isEncrypted) {
        this.calls = calls;
        this.connections = connections;
        this.isEncrypted = isEncrypted;
    }

    /** One connection at a time; it goes on only while there is room. */
    @Override
    protected int doReadMessages(List<Object> accepted) throws Exception {
        int read = super.doReadMessages(accepted);
        if (read > 0) {
            Channel connection = (Channel) accepted.get(accepted.size() - 1);
            Gate gate = new Gate(connection, calls, connections);
            connection.pipeline().addFirst(isEncrypted ? new GateBehindTls(gate) : gate);
            connection.closeFuture().addListener(closed -> {
                connections.left(gate);
                goOn();
            });
            connections.accepted(gate);
            if (connections.isFull()) {
                config().setAutoRead(false);
            }
        }
        return read;
    }

    private void goOn() {
        if (!connections.isFull() && isOpen() && !config().isAutoRead()) {
            eventLoop().execute(() -> {
                if (!connections.isFull() && isOpen()) {
                    config().setAutoRead(true);
                }
            });
        }
    }
}

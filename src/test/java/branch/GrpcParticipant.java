package branch;

import io.grpc.HandlerRegistry;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.Status;
import io.grpc.netty.NettyServerBuilder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * A participant on a real server of grpc-java that answers each method with the status it was
 * told to, OK if none, and remembers what it received, in order.
 */
public final class GrpcParticipant implements AutoCloseable {

    /** One call as it arrived, its message unparsed. */
    public record Received(String method, Metadata metadata, byte[] message, String authority) {

        /** A value of its metadata; null if there is none. */
        public String value(String name) {
            return metadata.get(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER));
        }
    }

    /** What a method answers. */
    @FunctionalInterface
    public interface Answer {

        /** The status; null for no answer at all. */
        Status to(Received call) throws Exception;
    }

    private static final MethodDescriptor.Marshaller<byte[]> BYTES = new Bytes();

    private final Server server;
    private final int port;
    private final Map<String, Answer> answers = new ConcurrentHashMap<>();
    private final List<Received> received = new CopyOnWriteArrayList<>();

    private GrpcParticipant(int asked, Consumer<NettyServerBuilder> more) {
        NettyServerBuilder builder =
                NettyServerBuilder.forAddress(new InetSocketAddress("127.0.0.1", asked))
                        .directExecutor()
                        .maxInboundMetadataSize(1 << 20)
                        .fallbackHandlerRegistry(new Methods());
        more.accept(builder);
        server = builder.build();
        try {
            server.start();
            port = server.getPort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public static GrpcParticipant start() {
        return startAt(0, builder -> {});
    }

    /** On that port, 0 for any, and with other settings. */
    public static GrpcParticipant startAt(int port, Consumer<NettyServerBuilder> more) {
        return new GrpcParticipant(port, more);
    }

    /** What {@code method} answers. */
    public GrpcParticipant on(String method, Answer answer) {
        answers.put("busi.Busi/" + method, answer);
        return this;
    }

    public int port() {
        return port;
    }

    /** The url of {@code busi.Busi/method}. */
    public String url(String method) {
        return "127.0.0.1:" + port() + "/busi.Busi/" + method;
    }

    /** All calls, in the order of their arrival. */
    public List<Received> received() {
        return received;
    }

    public List<Received> received(String method) {
        return received.stream().filter(each -> each.method().equals("busi.Busi/" + method))
                .toList();
    }

    /** Stops it at once. */
    @Override
    public void close() throws InterruptedException {
        server.shutdownNow();
        server.awaitTermination(5, TimeUnit.SECONDS);
    }

    /** Stops it when its calls are over; connections are told to go away. */
    public void drain() {
        server.shutdown();
        try {
            server.awaitTermination(5, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            server.shutdownNow();
        }
    }

    private final class Methods extends HandlerRegistry {

        @Override
        public ServerMethodDefinition<?, ?> lookupMethod(String name, String authority) {
            MethodDescriptor<byte[], byte[]> method =
                    MethodDescriptor.newBuilder(BYTES, BYTES)
                            .setType(MethodDescriptor.MethodType.UNARY)
                            .setFullMethodName(name)
                            .build();
            return ServerMethodDefinition.create(method, (call, metadata) -> {
                call.request(2);
                return new Handling(call, metadata);
            });
        }
    }

    private final class Handling extends ServerCall.Listener<byte[]> {

        private final ServerCall<byte[], byte[]> call;
        private final Metadata metadata;
        private byte[] message = {};

        Handling(ServerCall<byte[], byte[]> call, Metadata metadata) {
            this.call = call;
            this.metadata = metadata;
        }

        @Override
        public void onMessage(byte[] bytes) {
            message = bytes;
        }

        @Override
        public void onHalfClose() {
            String method = call.getMethodDescriptor().getFullMethodName();
            Received one = new Received(method, metadata, message, call.getAuthority());
            received.add(one);
            Status status = answer(one);
            if (status == null) {
                return;
            }
            if (status.isOk()) {
                call.sendHeaders(new Metadata());
                call.sendMessage(new byte[] {8, 1});
            }
            call.close(status, new Metadata());
        }
    }

    private Status answer(Received one) {
        try {
            return answers.getOrDefault(one.method(), each -> Status.OK).to(one);
        } catch (Exception e) {
            return Status.INTERNAL.withCause(e);
        }
    }

    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {

        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}

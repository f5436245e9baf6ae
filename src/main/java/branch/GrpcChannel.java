package branch;

import egress.EgressRules;
import io.grpc.Codec;
import io.grpc.ConnectivityState;
import io.grpc.DecompressorRegistry;
import io.grpc.ManagedChannel;
import io.grpc.NameResolver;
import io.grpc.netty.NettyChannelBuilder;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslContext;
import java.net.URI;
import java.util.concurrent.TimeUnit;
import transaction.GrpcUrl;
import transaction.Limits;

/**
 * A channel of grpc-java to one target, with all that could act behind the rules' back turned off:
 * no retries, no service config, no proxy, no compression asked for. Belongs to one thread.
 */
final class GrpcChannel {

    /** Replies are small and not kept: what HTTP/2 begins with is enough, and bounds memory. */
    private static final int WINDOW_BYTES = 65_535;

    private final ManagedChannel grpc;
    private final GrpcNames names;
    private final long openedAt = System.nanoTime();
    private final boolean hasSeveral;
    private final EgressRules rules;
    private final SslContext tls;
    private long askedAt = openedAt;
    private boolean hasRead;
    private long readAt;

    private GrpcChannel(GrpcUrl url, EventLoop loop, GrpcTransport transport) {
        hasSeveral = url.kind() != GrpcUrl.Kind.DIRECT;
        rules = transport.dials().rules();
        tls = transport.tls().to(url);
        names = new GrpcNames(url, loop, transport);
        grpc = builder(url, loop, transport.settings()).build();
    }

    /** Opens nothing yet. */
    static GrpcChannel to(GrpcUrl url, EventLoop loop, GrpcTransport transport) {
        return new GrpcChannel(url, loop, transport);
    }

    ManagedChannel grpc() {
        return grpc;
    }

    /** Whether there is no use in waiting for it: its connection could not be made. */
    boolean hasFailed() {
        return grpc.getState(false) == ConnectivityState.TRANSIENT_FAILURE;
    }

    /** Whether the rules of what may be called, and the TLS, are those that it began with. */
    boolean isUnder(EgressRules others, SslContext other) {
        return rules.equals(others) && tls == other;
    }

    /** Whether it has a connection. */
    boolean isConnected() {
        return grpc.getState(false) == ConnectivityState.READY;
    }

    long openedAt() {
        return openedAt;
    }

    /** Whether anything has been read from it since then, in the system's nanoseconds. */
    boolean hasReadSince(long nanos) {
        return hasRead && readAt - nanos >= 0;
    }

    /** Looks again, if it is time, where the instances are and which of them are back. */
    void refresh() {
        long now = System.nanoTime();
        if (hasSeveral && now - askedAt > Limits.ADDRESSES_ASKED_AGAIN.toNanos()) {
            askedAt = now;
            names.refresh();
            grpc.resetConnectBackoff();
        }
    }

    /** Takes no more calls; closed when those under way are over. */
    void retire() {
        grpc.shutdown();
    }

    @SuppressWarnings("deprecation") // The other way is a registry for the whole process.
    private NettyChannelBuilder builder(GrpcUrl url, EventLoop loop, CallSettings settings) {
        int addresses = hasSeveral ? 1 : Limits.ADDRESSES_TRIED;
        long connectMillis = Math.max(1, settings.connectTimeout().toMillis() / addresses);
        NettyChannelBuilder builder =
                NettyChannelBuilder.forTarget("pactor:///participant")
                        .nameResolverFactory(new Names())
                        .overrideAuthority(url.authority())
                        .defaultLoadBalancingPolicy(hasSeveral ? "round_robin" : "pick_first")
                        .userAgent("pactor")
                        .disableRetry()
                        .disableServiceConfigLookUp()
                        .proxyDetector(address -> null)
                        .decompressorRegistry(DecompressorRegistry.emptyInstance()
                                .with(Codec.Identity.NONE, false)
                                .with(new Codec.Gzip(), false))
                        .maxInboundMessageSize(settings.responseBytesMax())
                        .maxInboundMetadataSize(Limits.ANSWER_HEAD_BYTES)
                        .flowControlWindow(WINDOW_BYTES)
                        .channelFactory(() ->
                                GrpcStatusReader.socket(
                                        this::hasRead, framesMax(settings), url.isSecure()))
                        .eventLoopGroup(loop)
                        .directExecutor()
                        .offloadExecutor(loop)
                        .withOption(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) connectMillis);
        if (url.isSecure()) {
            builder.sslContext(tls);
        } else {
            builder.usePlaintext();
        }
        long keepAlive = settings.grpc().keepAlive().toMillis();
        return keepAlive == 0 ? builder
                : builder.keepAliveTime(keepAlive, TimeUnit.MILLISECONDS)
                        .keepAliveTimeout(
                                settings.connectTimeout().toMillis(), TimeUnit.MILLISECONDS);
    }

    private void hasRead() {
        hasRead = true;
        readAt = System.nanoTime();
    }

    /** What the largest answers to all calls at once could need, and some more. */
    private static long framesMax(CallSettings settings) {
        long calls = settings.grpc().maxConcurrentPerTarget();
        return Limits.FRAMES_WITHOUT_END + calls * settings.responseBytesMax() / 2_048;
    }

    private final class Names extends NameResolver.Factory {

        @Override
        public NameResolver newNameResolver(URI target, NameResolver.Args args) {
            return names;
        }

        @Override
        public String getDefaultScheme() {
            return "pactor";
        }
    }
}

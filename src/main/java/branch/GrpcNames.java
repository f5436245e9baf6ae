package branch;

import egress.Destination;
import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.Status;
import io.grpc.StatusOr;
import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import transaction.BranchResolver;
import transaction.GrpcUrl;
import transaction.Limits;

/**
 * Tells one channel of grpc-java where its instances are. Names are looked up by the same bounded
 * threads as those of HTTP participants. Safe from any thread.
 */
final class GrpcNames extends NameResolver {

    private final GrpcUrl url;
    private final EventLoop loop;
    private final GrpcTransport transport;
    private final AtomicBoolean isAsking = new AtomicBoolean();
    private volatile Listener2 listener;

    GrpcNames(GrpcUrl url, EventLoop loop, GrpcTransport transport) {
        this.url = url;
        this.loop = loop;
        this.transport = transport;
    }

    @Override
    public String getServiceAuthority() {
        return url.authority();
    }

    @Override
    public void start(Listener2 hears) {
        listener = hears;
        refresh();
    }

    @Override
    public void refresh() {
        if (listener == null || !isAsking.compareAndSet(false, true)) {
            return;
        }
        if (url.kind() != GrpcUrl.Kind.DISCOVERY) {
            lookUp(url.addresses());
            return;
        }
        instances().whenComplete((found, failed) -> {
            if (failed != null) {
                Throwable cause = failed instanceof CompletionException && failed.getCause() != null
                        ? failed.getCause() : failed;
                tellProblem("service " + url.service() + ": " + ConnectAttempt.text(cause));
            } else if (found.isEmpty()) {
                tellProblem("service " + url.service() + " has no instance");
            } else {
                lookUp(found);
            }
        });
    }

    /** Whatever the resolver does, it ends in a list or a problem. */
    private CompletionStage<List<BranchResolver.Address>> instances() {
        try {
            return transport.resolver().find(url.service()).thenApply(found ->
                    found.stream().limit(Limits.ADDRESSES_OF_A_SERVICE)
                            .map(Objects::requireNonNull).toList());
        } catch (RuntimeException | LinkageError e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public void shutdown() {
        listener = null;
    }

    private void lookUp(List<BranchResolver.Address> addresses) {
        Gathering gathering = new Gathering(addresses.size());
        for (BranchResolver.Address address : addresses) {
            transport.lookup().find(address.host(), new AddressLookup.Listener() {
                @Override
                public void found(List<InetAddress> some) {
                    Dials.Allowed allowed = transport.dials().of(new Destination(
                            url.isSecure() ? Destination.GRPCS
                                    : Destination.GRPC, address.host(), address.port()), some);
                    if (allowed.addresses().isEmpty()) {
                        gathering.forbid(allowed.refusal());
                        return;
                    }
                    List<SocketAddress> sockets = new ArrayList<>();
                    allowed.addresses().stream().limit(Limits.ADDRESSES_TRIED).forEach(
                            each -> sockets.add(new InetSocketAddress(each, address.port())));
                    gathering.add(new EquivalentAddressGroup(sockets));
                }

                @Override
                public void notFound(String reason) {
                    gathering.miss(reason);
                }
            });
        }
    }

    private void tell(List<EquivalentAddressGroup> groups) {
        tell(hears -> hears.onResult(ResolutionResult.newBuilder()
                .setAddressesOrError(StatusOr.fromValue(groups)).build()));
    }

    private void tellProblem(String reason) {
        tell(hears -> hears.onError(Status.UNAVAILABLE.withDescription(reason)));
    }

    private void tellForbidden(String reason) {
        tell(hears -> hears.onError(Status.UNAVAILABLE.withCause(new Forbidden(reason))));
    }

    /** On the channel's thread: it may have been stopped by the time that an answer comes. */
    private void tell(Consumer<Listener2> news) {
        isAsking.set(false);
        try {
            loop.execute(() -> {
                Listener2 hears = listener;
                if (hears != null) {
                    news.accept(hears);
                }
            });
        } catch (RejectedExecutionException e) {
            // Nobody waits for it any more.
        }
    }

    /** The addresses of several hosts, as they come in. */
    private final class Gathering {

        private final List<EquivalentAddressGroup> groups = new ArrayList<>();
        private int missing;
        private String problem = "";
        private String refusal = "";

        Gathering(int expected) {
            missing = expected;
        }

        void add(EquivalentAddressGroup group) {
            boolean isLast;
            synchronized (this) {
                groups.add(group);
                missing--;
                isLast = missing == 0;
            }
            end(isLast);
        }

        /** None of its addresses may be called. */
        void forbid(String reason) {
            boolean isLast;
            synchronized (this) {
                refusal = reason;
                missing--;
                isLast = missing == 0;
            }
            end(isLast);
        }

        void miss(String reason) {
            boolean isLast;
            synchronized (this) {
                problem = reason;
                missing--;
                isLast = missing == 0;
            }
            end(isLast);
        }

        private void end(boolean isLast) {
            if (!isLast) {
                return;
            }
            if (groups.isEmpty() && problem.isEmpty()) {
                tellForbidden(refusal);
            } else if (groups.isEmpty()) {
                tellProblem(problem);
            } else {
                tell(groups);
            }
        }
    }
}

package branch;

import address.Literal;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import transaction.Limits;

/**
 * Finds the addresses of host names on threads of its own, since the system's resolver blocks, at
 * times for many seconds. One name occupies at most one thread, however many ask for it.
 */
final class AddressLookup implements AutoCloseable {

    /** The system's resolver, or another for tests. Blocks. */
    @FunctionalInterface
    interface Names {

        InetAddress[] addressesOf(String host) throws UnknownHostException;
    }

    /** Hears once: the addresses, never none, or the problem; on any thread. */
    interface Listener {

        void found(List<InetAddress> addresses);

        void notFound(String reason);

        /** Nobody was asked, for want of threads. */
        default void notAsked(String reason) {
            notFound(reason);
        }
    }

    private final Names names;
    private final ThreadPoolExecutor threads;
    private final Map<String, List<Listener>> asked = new ConcurrentHashMap<>();

    AddressLookup(Names names, int threadsMax) {
        this.names = names;
        threads =
                new ThreadPoolExecutor(
                        threadsMax,
                        threadsMax,
                        10,
                        TimeUnit.SECONDS,
                        new ArrayBlockingQueue<>(Limits.LOOKUPS_WAITING),
                        new DefaultThreadFactory("pactor-lookup", true));
        threads.allowCoreThreadTimeOut(true);
    }

    /**
     * Looks {@code host} up and tells {@code listener}, once; at once if it is an address already.
     */
    void find(String host, Listener listener) {
        List<InetAddress> written = written(host);
        if (!written.isEmpty()) {
            listener.found(written);
            return;
        }
        boolean[] first = new boolean[1];
        asked.compute(host, (name, listeners) -> {
            first[0] = listeners == null;
            List<Listener> all = first[0] ? new ArrayList<>() : listeners;
            all.add(listener);
            return all;
        });
        if (!first[0]) {
            return;
        }
        try {
            threads.execute(() -> ask(host));
        } catch (RejectedExecutionException e) {
            asked.remove(host).forEach(each -> each.notAsked("too many host names to look up"));
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    private void ask(String host) {
        List<InetAddress> addresses = List.of();
        String problem = "host " + host + " could not be looked up";
        try {
            addresses = List.of(names.addressesOf(host));
            problem = "host " + host + " has no address";
        } catch (UnknownHostException e) {
            problem = "host " + host + " is not known";
        } catch (RuntimeException e) {
            problem = "host " + host + " could not be looked up: " + e;
        } finally {
            // An Error too: whoever is not told would ask for this name no more.
            tell(asked.remove(host), addresses, problem);
        }
    }

    private static void tell(
            List<Listener> listeners, List<InetAddress> addresses, String problem) {
        for (Listener listener : listeners) {
            if (addresses.isEmpty()) {
                listener.notFound(problem);
            } else {
                listener.found(addresses);
            }
        }
    }

    /** The address, if {@code host} is one and no name; else none. */
    static List<InetAddress> written(String host) {
        return Literal.of(host).address().map(List::of).orElse(List.of());
    }
}

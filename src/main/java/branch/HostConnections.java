package branch;

import io.netty.channel.EventLoop;
import java.net.InetAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import transaction.Limits;

/**
 * One host: its connections, and the exchanges that wait for one.
 *
 * <p>Everything in here happens on one thread, so there is no lock; {@link #yourTurn()}, {@link
 * #stopOn}, {@link #hasIdle()} and {@link #closeOneIdle()} may be called from any.
 */
final class HostConnections {

    private final Origin origin;
    private final EventLoop loop;
    private final HttpTransport transport;
    private final CallSettings settings;

    /** In the order of their arrival; removed from the middle when their time is up. */
    private final Set<Exchange> waiting = new LinkedHashSet<>();

    private long waitingBytes;

    /** The last used first, so that those in excess grow old and are closed. */
    private final Deque<Connection> idle = new ArrayDeque<>();

    private volatile boolean hasIdle;

    /** The address that the host is written as; empty if it is a name. */
    private final List<InetAddress> written;

    private List<InetAddress> addresses = List.of();
    private long addressesFreshUntil;
    private boolean isLookingUp;
    private boolean isInLine;
    private boolean isSweeping;

    /** Connections that count against the budget, those being opened included. */
    private int open;

    private int dialing;

    HostConnections(Origin origin, EventLoop loop, HttpTransport transport) {
        this.origin = origin;
        this.loop = loop;
        this.transport = transport;
        this.settings = transport.settings();
        this.written = AddressLookup.written(origin.host());
    }

    Origin origin() {
        return origin;
    }

    EventLoop loop() {
        return loop;
    }

    HttpTransport transport() {
        return transport;
    }

    /** Sends {@code exchange} now or puts it in the queue; a full queue holds it back at once. */
    void accept(Exchange exchange) {
        if (!transport.mayCall()) {
            exchange.holdBack(HttpTransport.UNSURE);
            return;
        }
        exchange.handTo(this);
        Connection ready = takeIdle();
        if (ready != null) {
            ready.start(exchange);
            return;
        }
        if (!hasRoomFor(exchange)) {
            exchange.holdBack("the queue for " + origin + " is full" + whatKeepsItWaiting());
            return;
        }
        waiting.add(exchange);
        waitingBytes += exchange.request().wire().length;
        openWhatIsNeeded();
    }

    /**
     * The time of a waiting exchange is up. A host that takes no connection has not answered. If
     * it is only busy, or other hosts or this node are the reason, nothing is known of it.
     */
    void gaveUp(Exchange exchange) {
        String reason = "no connection " + exchange.within() + whatKeepsItWaiting();
        if (exchange.isLate() || isInLine || open > dialing) {
            exchange.holdBack(reason);
        } else {
            exchange.fail(reason);
        }
        if (waiting.remove(exchange)) {
            waitingBytes -= exchange.request().wire().length;
        }
        openWhatIsNeeded();
        retireIfUnused();
    }

    /** For a reason: what an exchange that waits is waiting for. */
    private String whatKeepsItWaiting() {
        if (isLookingUp) {
            return ": the host's name is being looked up";
        }
        if (isInLine) {
            return ": all connections are in use by other hosts";
        }
        if (open > dialing) {
            return ": its " + (open - dialing) + " connections are busy";
        }
        return ": the host does not accept any";
    }

    /** A dial brought {@code connection}. */
    void dialed(Connection connection) {
        dialing--;
        released(connection);
    }

    /**
     * A dial brought nothing; the exchange that waits longest is told.
     *
     * @param isOurs whether this node was too slow to take the connection
     */
    void dialFailed(String reason, boolean isOurs) {
        dialing--;
        open--;
        transport.budget().giveBack();
        Exchange next = pollWaiting();
        if (next != null && isOurs) {
            next.holdBack(reason);
        } else if (next != null) {
            next.fail(reason);
        }
        openWhatIsNeeded();
        retireIfUnused();
    }

    /** What a dial began with has changed meanwhile: what waits is judged anew. */
    void dialOutdated() {
        dialing--;
        open--;
        transport.budget().giveBack();
        openWhatIsNeeded();
        retireIfUnused();
    }

    /** {@code connection} has done its work and may be used again. */
    void released(Connection connection) {
        Exchange next = pollWaiting();
        // What has waited for a connection may have waited through a pause of the whole process.
        while (next != null && !transport.mayCall()) {
            next.holdBack(HttpTransport.UNSURE);
            next = pollWaiting();
        }
        if (next != null) {
            connection.start(next);
        } else if (transport.budget().isInDemand()) {
            connection.drop();
        } else {
            idle.addFirst(connection);
            hasIdle = true;
            sweepLater();
        }
    }

    /** {@code connection}, once dialed, is no more. */
    void closed(Connection connection) {
        open--;
        if (idle.remove(connection)) {
            hasIdle = !idle.isEmpty();
        }
        transport.budget().giveBack();
        openWhatIsNeeded();
        retireIfUnused();
    }

    /** A connection can be had from the budget. */
    void yourTurn() {
        onLoop(this::openWhatIsNeeded);
    }

    boolean hasIdle() {
        return hasIdle;
    }

    void closeOneIdle() {
        onLoop(() -> {
            Connection oldest = idle.pollLast();
            hasIdle = !idle.isEmpty();
            if (oldest != null) {
                oldest.drop();
            }
        });
    }

    /**
     * Holds back what waits, if {@code current}, the thread that asks, is this host's. What is
     * being carried fails when its connection is closed.
     */
    void stopOn(EventLoop current) {
        if (current == loop) {
            allWaiting().forEach(each -> each.holdBack(HttpTransport.STOPPED));
        }
    }

    /** Those for which a connection may be opened do not count as waiting in the queue. */
    private boolean hasRoomFor(Exchange exchange) {
        int carrying = open - dialing - idle.size();
        int room = settings.queuePerHost() + settings.maxConnectionsPerHost() - carrying;
        int bytes = exchange.request().wire().length;
        return waiting.size() < room && waitingBytes + bytes <= Limits.QUEUE_BYTES_PER_HOST;
    }

    private void openWhatIsNeeded() {
        boolean mayOpen = true;
        while (mayOpen && dialing < waiting.size() && open < settings.maxConnectionsPerHost()) {
            if (!knowsWhere()) {
                lookUp();
                mayOpen = false;
                continue;
            }
            Dials.Allowed allowed = transport.dials().of(origin.destination(), addresses);
            if (allowed.addresses().isEmpty()) {
                allWaiting().forEach(each -> each.forbid(allowed.refusal()));
                retireIfUnused();
            } else if (transport.budget().take(this)) {
                isInLine = false;
                open++;
                dialing++;
                new ConnectAttempt(this, allowed).next();
            } else {
                isInLine = true;
                transport.reclaimIdle();
                return;
            }
        }
        if (isInLine) {
            isInLine = false;
            transport.budget().leave(this);
        }
    }

    private boolean knowsWhere() {
        if (!written.isEmpty()) {
            addresses = written;
            return true;
        }
        return !addresses.isEmpty() && System.nanoTime() - addressesFreshUntil <= 0;
    }

    private void lookUp() {
        if (isLookingUp) {
            return;
        }
        isLookingUp = true;
        transport.lookup().find(origin.host(), new AddressLookup.Listener() {
            @Override
            public void found(List<InetAddress> some) {
                onLoop(() -> lookedUp(some, each -> { }));
            }

            // They all asked for the same name, so the answer is for all of them.

            @Override
            public void notFound(String reason) {
                onLoop(() -> lookedUp(List.of(), each -> each.fail(reason)));
            }

            @Override
            public void notAsked(String reason) {
                onLoop(() -> lookedUp(List.of(), each -> each.holdBack(reason)));
            }
        });
    }

    private void lookedUp(List<InetAddress> some, Consumer<Exchange> orElse) {
        isLookingUp = false;
        addresses = some;
        addressesFreshUntil = System.nanoTime() + Limits.ADDRESS_FRESH.toNanos();
        if (some.isEmpty()) {
            allWaiting().forEach(orElse);
        }
        openWhatIsNeeded();
        retireIfUnused();
    }

    private Connection takeIdle() {
        Connection connection = idle.pollFirst();
        while (connection != null && !connection.isUsable()) {
            connection.drop();
            connection = idle.pollFirst();
        }
        hasIdle = !idle.isEmpty();
        return connection;
    }

    private Exchange pollWaiting() {
        Iterator<Exchange> exchanges = waiting.iterator();
        if (!exchanges.hasNext()) {
            return null;
        }
        Exchange next = exchanges.next();
        exchanges.remove();
        waitingBytes -= next.request().wire().length;
        return next;
    }

    /** Those that wait, for the last time. */
    private List<Exchange> allWaiting() {
        List<Exchange> left = new ArrayList<>(waiting);
        waiting.clear();
        waitingBytes = 0;
        return left;
    }

    private void sweepLater() {
        if (!isSweeping) {
            isSweeping = true;
            long pause = Math.max(1, Math.min(1_000, settings.idleTimeout().toMillis() / 2));
            loop.schedule(this::sweep, pause, TimeUnit.MILLISECONDS);
        }
    }

    /** Closes what has been idle for too long. */
    private void sweep() {
        isSweeping = false;
        List<Connection> old = idle.stream().filter(each -> !each.isUsable()).toList();
        idle.removeAll(old);
        hasIdle = !idle.isEmpty();
        old.forEach(Connection::drop);
        if (hasIdle) {
            sweepLater();
        }
    }

    private void retireIfUnused() {
        if (open == 0 && waiting.isEmpty() && !isLookingUp) {
            transport.forget(this);
        }
    }

    private void onLoop(Runnable task) {
        try {
            loop.execute(task);
        } catch (RejectedExecutionException e) {
            // The threads have been stopped, and with them every connection and exchange.
        }
    }
}

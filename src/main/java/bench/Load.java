package bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.handler.ssl.SslContext;
import java.net.InetSocketAddress;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The load: lanes, the transactions in flight, and what became of them. All of it lives on one
 * event loop; callers on other threads go through that.
 */
final class Load {

    /** After an error a lane rests this long, so that a dead coordinator is not hammered. */
    private static final long REST_MILLIS = 100;
    /** With a rate: how often what is due is begun. */
    private static final long OFFER_EVERY_MILLIS = 2;
    /** By this a coordinator says that a request was not taken. */
    private static final String REFUSED = "nothing was done";
    /** One finished transaction in so many is looked up by query. */
    private static final long CONFIRM_EVERY = 100;
    /** Look-ups that may wait at once; beyond, the sample gets thinner. */
    private static final int CONFIRMING_MAX = 1_000;
    private static final int QUERY_PIPES_MIN = 4;
    private static final int QUERY_PIPES_MAX = 32;
    private static final long EXPIRE_EVERY_MILLIS = 500;

    private final BenchPlan plan;
    private final EventLoop loop;
    private final SlotBoard board;
    private final Tally tally = new Tally();
    private final StateQueries queries;
    private final List<LoadLane> lanes = new ArrayList<>();
    private final List<HttpPipe> queryPipes = new ArrayList<>();
    /** Null if the load is over HTTP. */
    private final GrpcLoad grpc;
    private final Deque<Integer> freeSlots = new ArrayDeque<>();
    private final Deque<LoadLane> parked = new ArrayDeque<>();
    private final Flight[] flights;
    private long nextNumber;
    private long offered;
    private long started;
    private boolean stopping;
    private boolean ended;

    /** @param sites where coordinator and participants are */
    Load(BenchPlan plan, EventLoop loop, SlotBoard board, Sites sites) {
        this.plan = plan;
        this.loop = loop;
        this.board = board;
        this.flights = new Flight[plan.backlog()];
        for (int slot = 0; slot < plan.backlog(); slot++) {
            freeSlots.add(slot);
        }
        grpc = plan.isGrpc() ? new GrpcLoad(plan, loop, sites) : null;
        List<Script.Request> script = plan.isGrpc() ? List.of()
                : Script.of(plan, sites.participantsUrl(), sites.anyGid());
        for (int lane = 0; lane < plan.concurrency(); lane++) {
            lanes.add(new LoadLane(this, grpc != null ? grpc.requests(lane)
                    : new HttpRequests(script, new HttpPipe(loop, sites.coordinator(), sites.tls()),
                            new HttpPipe(loop, sites.participants()))));
        }
        queries = new StateQueries(this, loop, Script.query(plan, sites.anyGid()),
                plan.workload().endStatus());
        int wanted = Math.max(QUERY_PIPES_MIN, Math.min(QUERY_PIPES_MAX, plan.concurrency() / 2));
        for (int i = 0; i < wanted; i++) {
            queryPipes.add(new HttpPipe(loop, sites.coordinator(), sites.tls()));
        }
        queries.over(queryPipes);
    }

    /**
     * Addresses.
     *
     * @param coordinator its HTTP API
     * @param tls what that speaks below HTTP, if anything
     * @param grpc its gRPC API; null if the load is over HTTP
     * @param participantsUrl their base url as the coordinator is to call it
     * @param anyGid any gid of the run, for the templates
     */
    record Sites(
            InetSocketAddress coordinator,
            Optional<SslContext> tls,
            InetSocketAddress grpc,
            InetSocketAddress participants,
            String participantsUrl,
            String anyGid) {}

    void start() {
        if (plan.rate() > 0) {
            parked.addAll(lanes);
            long from = System.nanoTime();
            loop.scheduleAtFixedRate(() -> offer(System.nanoTime() - from),
                    OFFER_EVERY_MILLIS, OFFER_EVERY_MILLIS, TimeUnit.MILLISECONDS);
        } else {
            lanes.forEach(this::next);
        }
        loop.scheduleAtFixedRate(this::expire,
                EXPIRE_EVERY_MILLIS, EXPIRE_EVERY_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** Begins what is due by then, on the lanes that are free. */
    private void offer(long nanos) {
        long due = (long) (nanos / 1e9 * plan.rate());
        for (; offered < due && !stopping; offered++) {
            boolean sends = !parked.isEmpty() && !freeSlots.isEmpty();
            tally.offered(sends);
            if (sends) {
                begin(parked.poll());
            }
        }
    }

    /** No new transactions from now on. */
    void stop() {
        stopping = true;
    }

    /** Closes the connections; what is still unfinished becomes an error. */
    void end() {
        long left = unfinished();
        ended = true;
        stopping = true;
        queries.stop();
        lanes.forEach(LoadLane::close);
        queryPipes.forEach(HttpPipe::close);
        if (grpc != null) {
            grpc.close();
        }
        for (long i = 0; i < left; i++) {
            tally.error("unfinished after the drain", "");
        }
        for (int i = queries.pending(); i > 0 && !plan.isEndPolled(); i--) {
            tally.error("not confirmed after the drain", "");
        }
    }

    Tally tally() {
        return tally;
    }

    /** Transactions begun, in the whole run. */
    long started() {
        return started;
    }

    /** Transactions that are on their way. */
    int unfinished() {
        return plan.backlog() - freeSlots.size();
    }

    boolean isDrained() {
        return unfinished() == 0 && queries.pending() == 0;
    }

    /** A question of {@link StateQueries}; the caller owns it. */
    ByteBuf fill(RequestTemplate template, Flight flight) {
        return template.fill(PooledByteBufAllocator.DEFAULT, flight.slot, flight.number);
    }

    private void expire() {
        if (!ended) {
            long before = System.nanoTime() - plan.times().request().toNanos();
            lanes.forEach(lane -> lane.expire(before));
            queryPipes.forEach(pipe -> pipe.expire(before));
        }
    }

    /** The lane's next transaction, or a rest until there is room for one. */
    private void next(LoadLane lane) {
        if (stopping || nextNumber > GidSequence.NUMBER_MAX) {
            return;
        }
        if (plan.rate() > 0 || freeSlots.isEmpty()) {
            parked.add(lane);
            return;
        }
        begin(lane);
    }

    private void begin(LoadLane lane) {
        int slot = freeSlots.remove();
        long number = nextNumber++;
        started++;
        board.begin(slot, number);
        Flight flight = new Flight(slot, number, System.nanoTime());
        flights[slot] = flight;
        lane.begin(flight);
    }

    /** Takes {@code flight} from the air; false if it was taken before. */
    private boolean land(Flight flight) {
        if (flights[flight.slot] != flight) {
            return false;
        }
        flights[flight.slot] = null;
        board.clear(flight.slot);
        freeSlots.add(flight.slot);
        LoadLane waiting = plan.rate() > 0 ? null : parked.poll();
        if (waiting != null) {
            // From a fresh stack: a finished transaction must not start a chain of others.
            loop.execute(() -> next(waiting));
        }
        return true;
    }

    /** The last request of the lane's transaction was answered as it should be. */
    void submitted(LoadLane lane, Flight flight) {
        long now = System.nanoTime();
        if (plan.waitResult()) {
            endedByReply(flight, now);
        } else {
            flight.acked = true;
            tally.acked(now - flight.startedAtNanos);
            if (plan.isEndPolled()) {
                queries.ask(flight, StateQueries.Purpose.FIND_END);
            } else if (flight.called) {
                endedByLastCall(flight);
            }
        }
        next(lane);
    }

    /** A request of the lane's transaction failed; the transaction may live on unwatched. */
    void failed(LoadLane lane, Flight flight, String kind, String says) {
        if (ended) {
            return;
        }
        if (plan.rate() > 0) {
            if (says.contains(REFUSED)) {
                tally.refused(kind, System.nanoTime() - flight.startedAtNanos);
            } else {
                tally.error(kind, says);
            }
            land(flight);
            next(lane);
            return;
        }
        tally.error(kind, says);
        land(flight);
        loop.schedule(() -> next(lane), REST_MILLIS, TimeUnit.MILLISECONDS);
    }

    /** The participants answered the transaction's last call; {@code atNanos} when. */
    void lastCall(int slot, long number, long atNanos) {
        Flight flight = flights[slot];
        if (flight == null || flight.number != number || ended) {
            return;
        }
        flight.called = true;
        flight.calledAtNanos = atNanos;
        if (flight.acked) {
            endedByLastCall(flight);
        }
    }

    private void endedByReply(Flight flight, long now) {
        boolean complete = board.isComplete(flight.slot, flight.number);
        land(flight);
        if (!complete) {
            tally.error("told the end before every branch was called", "");
            return;
        }
        tally.finished(now - flight.startedAtNanos);
        sample(flight, StateQueries.Purpose.CONFIRM_AFTER_REPLY);
    }

    private void endedByLastCall(Flight flight) {
        land(flight);
        tally.finished(flight.calledAtNanos - flight.startedAtNanos);
        sample(flight, StateQueries.Purpose.CONFIRM_AFTER_LAST_CALL);
    }

    private void sample(Flight flight, StateQueries.Purpose purpose) {
        if (flight.number % CONFIRM_EVERY == 0 && queries.pending() < CONFIRMING_MAX) {
            tally.asked();
            queries.ask(flight, purpose);
        }
    }

    /** The coordinator says that the transaction has ended as it should. */
    void seenAtEnd(Flight flight, StateQueries.Purpose purpose) {
        long latency = System.nanoTime() - flight.startedAtNanos;
        if (purpose == StateQueries.Purpose.FIND_END) {
            land(flight);
            tally.finished(latency);
        } else {
            tally.confirmed(latency);
        }
    }

    /** The coordinator says something about the transaction that must not be. */
    void seenWrong(Flight flight, StateQueries.Purpose purpose, String kind, String says) {
        tally.error(kind, says);
        if (purpose == StateQueries.Purpose.FIND_END) {
            land(flight);
        }
    }
}

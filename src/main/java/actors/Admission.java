package actors;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import meter.Meter;
import transaction.Bytes;
import transaction.Change;
import transaction.Command;
import transaction.Reply;
import transaction.Submission;

/**
 * Decides, before anything else is done, whether a request is taken at all. Behind it, mailboxes
 * and stashes have no bounds of their own that would be told to anybody, so what they may hold is
 * bounded here. Whoever is refused is told at once, and nothing was done. Thread-safe.
 */
public final class Admission {

    /** What a command takes beside its payloads: headers, names, the objects themselves. */
    private static final long BYTES_EACH = 1_024;

    /**
     * How much may be under way on this node.
     *
     * @param requests requests that wait for nothing but this node
     * @param waiting requests whose clients wait for a result, that is for participants
     * @param perGid requests for one transaction
     * @param bytes their payloads together
     * @param target the longest that answers should take; while all take longer, fewer requests
     *     are let in
     */
    public record Limits(
            int requests, int waiting, int perGid, long bytes, Duration target) {}

    private final Supplier<Limits> limits;
    private final Consumer<String> refusals;
    private final AdaptiveBound adaptive = new AdaptiveBound(System.nanoTime());
    private final AtomicInteger requests = new AtomicInteger();
    private final AtomicInteger waiting = new AtomicInteger();
    private final AtomicLong bytes = new AtomicLong();
    private final ConcurrentHashMap<String, Integer> perGid = new ConcurrentHashMap<>();

    /**
     * @param limits asked each time
     * @param refusals hears the reason of each refusal: gid, requests, slow,
     *     waiting or bytes
     */
    public Admission(Supplier<Limits> limits, Consumer<String> refusals) {
        this.limits = limits;
        this.refusals = refusals;
    }

    /**
     * Takes a request in.
     *
     * @return null if it may go on, and then {@link #leave} is due; why it may not otherwise
     */
    Reply enter(String gid, Command command) {
        Limits most = limits.get();
        if (perGid.merge(gid, 1, Integer::sum) > most.perGid) {
            perGid.computeIfPresent(gid, Admission::oneLess);
            refusals.accept("gid");
            return new Reply.Overloaded("more than " + most.perGid
                + " requests for this transaction are under way; nothing was done, try again soon");
        }
        long size = bytesOf(command);
        boolean waits = mayWait(command);
        int bound = waits ? most.waiting : adaptive.bound(most.requests);
        boolean isFull = place(command).incrementAndGet() > bound;
        // The largest request is let in alone, or it would never be.
        long held = bytes.addAndGet(size);
        if (isFull || held > most.bytes && held > size) {
            leave(gid, command);
            if (isFull) {
                return waits ? crowded(bound) : full(bound, most);
            }
            refusals.accept("bytes");
            return tooLarge(most.bytes);
        }
        return null;
    }

    /**
     * The refusal of a request that nobody has read yet. When thousands come at once, to read each
     * first would cost more than all the work that goes on.
     *
     * @return null if there is room for one more at this moment
     */
    Reply refusal() {
        Limits most = limits.get();
        int bound = adaptive.bound(most.requests);
        return requests.get() < bound ? null : full(bound, most);
    }

    private Reply full(int bound, Limits most) {
        refusals.accept(bound < most.requests ? "slow" : "requests");
        return new Reply.Full("more than " + bound
            + " requests are under way here; nothing was done, try again soon");
    }

    private Reply crowded(int bound) {
        refusals.accept("waiting");
        return new Reply.Full("more than " + bound
            + " clients wait for results here; nothing was done, try again soon");
    }

    /**
     * A request that was let in turned out to be larger, since its topics have many subscribers.
     *
     * @return null if it may go on, and then {@link #shrink} is due; why it may not otherwise
     */
    Reply grow(long more) {
        long most = limits.get().bytes;
        if (bytes.addAndGet(more) > most) {
            bytes.addAndGet(-more);
            refusals.accept("bytes");
            return tooLarge(most);
        }
        return null;
    }

    void shrink(long more) {
        bytes.addAndGet(-more);
    }

    private static Reply tooLarge(long most) {
        return new Reply.Full("requests of more than " + most
            + " bytes are under way here; nothing was done, try again soon");
    }

    /** The request has been answered, and nothing but this node's own work was waited for. */
    void answered(long tookNanos) {
        Limits most = limits.get();
        adaptive.answered(
            tookNanos, System.nanoTime(), most.requests, most.target.toNanos());
    }

    /** The request is over. */
    void leave(String gid, Command command) {
        perGid.computeIfPresent(gid, Admission::oneLess);
        place(command).decrementAndGet();
        bytes.addAndGet(-bytesOf(command));
    }

    /** Whether the answer may be waited for longer than it takes to become durable. */
    static boolean mayWait(Command command) {
        return command instanceof Command.Abort
            || command instanceof Command.RetryNow retry && retry.waits()
            || command instanceof Command.Submit submit
                && submit.submission().options().waitResult();
    }

    /** Slow participants take up the room of those who wait for them, and of nobody else. */
    private AtomicInteger place(Command command) {
        return mayWait(command) ? waiting : requests;
    }

    /** Shows how much is under way. */
    public void show(Meter meter) {
        meter.gauge("pactor_requests_in_flight", "Requests under way", this::requests);
        meter.gauge("pactor_requests_waiting", "Requests whose clients wait for a result",
            this::waiting);
        meter.gauge("pactor_requests_in_flight_bound",
            "Requests that may be under way at present", this::bound);
        meter.gauge("pactor_requests_in_flight_bytes", "Payloads of requests under way",
            this::bytes);
    }

    /** Requests that may be under way at present, beside those that wait for a result. */
    public int bound() {
        return adaptive.bound(limits.get().requests);
    }

    /** Requests under way that wait for nothing but this node. */
    public int requests() {
        return requests.get();
    }

    /** Requests whose clients wait for a result. */
    public int waiting() {
        return waiting.get();
    }

    /** Their payloads together. */
    public long bytes() {
        return bytes.get();
    }

    private static Integer oneLess(String gid, Integer count) {
        return count == 1 ? null : count - 1;
    }

    /** What a command holds in memory, roughly; of texts, the characters. */
    static long bytesOf(Command command) {
        if (command instanceof Command.Submit submit) {
            return bytesOf(submit.submission());
        }
        if (command instanceof Command.Prepare prepare) {
            return bytesOf(prepare.submission());
        }
        if (command instanceof Command.PrepareWorkflow prepare) {
            return bytesOf(prepare.submission());
        }
        if (command instanceof Command.JoinBranch join) {
            return BYTES_EACH + join.registration().data().size();
        }
        if (command instanceof Change change) {
            return BYTES_EACH + change.payload().map(Bytes::size).orElse(0);
        }
        return command instanceof Command.FinishWorkflow finish
            ? BYTES_EACH + finish.result().length() : BYTES_EACH;
    }

    private static long bytesOf(Submission asked) {
        long size = BYTES_EACH + asked.customData().length() + asked.queryPrepared().length();
        for (Submission.Step step : asked.steps()) {
            size += step.payload().size() + step.action().length() + step.compensate().length()
                + bytesOf(step.actionOptions().headers())
                + bytesOf(step.compensateOptions().headers());
            if (step.undoPayload() != step.payload()) {
                size += step.undoPayload().size();
            }
            for (String url : step.subscribers()) {
                size += url.length();
            }
        }
        return size + bytesOf(asked.options().branchHeaders());
    }

    private static long bytesOf(Map<String, String> headers) {
        long size = 0;
        for (var header : headers.entrySet()) {
            size += header.getKey().length() + header.getValue().length();
        }
        return size;
    }
}

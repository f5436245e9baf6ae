package bench.failover;

import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.BitSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** Makes the transactions that wait for their participant, all at one node. On the load's loop. */
final class Waiters {

    private static final int AT_ONCE = 32;
    private static final long AGAIN_MILLIS = 100;
    private static final Duration WITHIN = Duration.ofSeconds(20);

    private final EventLoop loop;
    private final Branches branches;
    private final Wanted wanted;
    private final BitSet called;
    private int next;
    private volatile int callers;

    /**
     * @param address of the node at which they are to wait
     * @param shards of that node
     * @param prefix of their gids
     */
    record Wanted(int count, Duration retryInterval, InetSocketAddress address, Set<String> shards,
            String prefix) {}

    Waiters(EventLoop loop, Branches branches, Wanted wanted) {
        this.loop = loop;
        this.branches = branches;
        this.wanted = wanted;
        this.called = new BitSet(wanted.count());
    }

    void start() {
        loop.execute(() -> {
            for (int i = 0; i < AT_ONCE; i++) {
                submitNext(new NodeConnection(loop, wanted.address()));
            }
        });
    }

    /** One of them has called. On the loop. */
    void called(int number) {
        if (!called.get(number)) {
            called.set(number);
            callers++;
        }
    }

    /** How many have called at least once. */
    int callers() {
        return callers;
    }

    private void submitNext(NodeConnection line) {
        if (next == wanted.count()) {
            line.close();
            return;
        }
        int number = next++;
        submit(line, number, Homes.gidIn(wanted.shards(), wanted.prefix() + number));
    }

    private void submit(NodeConnection line, int number, String gid) {
        String body = "{\"gid\":\"" + gid + "\",\"trans_type\":\"saga\",\"retry_interval\":"
            + wanted.retryInterval().toSeconds() + ",\"steps\":[{\"action\":\""
            + branches.atWork(number) + "\"}],\"payloads\":[\"{}\"]}";
        line.ask(new NodeConnection.Ask("/api/dtmsvr/submit", body), WITHIN, heard -> {
            if (heard.status() == 200) {
                submitNext(line);
            } else {
                loop.schedule(() -> submit(line, number, gid), AGAIN_MILLIS, TimeUnit.MILLISECONDS);
            }
        });
    }
}

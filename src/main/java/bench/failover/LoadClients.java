package bench.failover;

import bench.failover.Chronicle.Answer;
import bench.failover.Chronicle.Ended;
import bench.failover.Chronicle.Kind;
import io.netty.channel.EventLoop;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;

/**
 * Those who make sagas: two branches, {@code wait_result}. They repeat with the same gid what was
 * refused or not answered, and ask by {@code query} about a repeat that was refused because the
 * saga had ended meanwhile, as the documentation asks for. On the load's event loop, but for the
 * counts.
 */
final class LoadClients {

    /** Longer than {@code wait-within}, so that a node says by itself that time is over. */
    private static final Duration ANSWER_WITHIN = Duration.ofSeconds(40);

    private static final long OFFER_EVERY_MILLIS = 2;

    private final EventLoop loop;
    private final Scenario.Load load;
    private final Sites sites;
    private final Chronicle chronicle;
    private final Map<Integer, Deque<NodeConnection>> idle = new ConcurrentHashMap<>();
    private long begun;
    private long offered;
    private volatile boolean stopping;
    private volatile int unfinished;

    /**
     * @param nodes that clients ask, by number
     * @param branch url of a participant that says yes
     * @param prefix of the gids; no other run on this database has it
     * @param home the node at which a gid lives, or -1
     */
    record Sites(Map<Integer, InetSocketAddress> nodes, List<Integer> order, String branch,
            String prefix, ToIntFunction<String> home) {}

    LoadClients(EventLoop loop, Scenario.Load load, Sites sites, Chronicle chronicle) {
        this.loop = loop;
        this.load = load;
        this.sites = sites;
        this.chronicle = chronicle;
        sites.order().forEach(node -> idle.put(node, new ArrayDeque<>()));
    }

    void start() {
        loop.execute(() -> {
            for (int i = 0; i < load.clients(); i++) {
                next(i);
            }
        });
        if (load.rate() > 0) {
            long from = System.nanoTime();
            loop.scheduleAtFixedRate(() -> offer(from), OFFER_EVERY_MILLIS, OFFER_EVERY_MILLIS,
                TimeUnit.MILLISECONDS);
        }
    }

    /** No new sagas from now on. */
    void stop() {
        stopping = true;
    }

    /** Sagas that have not ended. */
    int unfinished() {
        return unfinished;
    }

    private void offer(long from) {
        while (!stopping) {
            long dueAt = from + (long) (offered * 1e9 / load.rate());
            if (System.nanoTime() - dueAt < 0) {
                return;
            }
            offered++;
            new Saga(dueAt, (int) (offered % sites.order().size()), () -> { }).begin();
        }
    }

    private void next(int client) {
        if (!stopping) {
            new Saga(System.nanoTime(), client % sites.order().size(), () -> next(client)).begin();
        }
    }

    private void ask(int node, NodeConnection.Ask ask, Consumer<NodeConnection.Heard> ear) {
        Deque<NodeConnection> free = idle.get(node);
        NodeConnection line = free.isEmpty()
            ? new NodeConnection(loop, sites.nodes().get(node)) : free.pop();
        line.ask(ask, ANSWER_WITHIN, heard -> {
            free.push(line);
            ear.accept(heard);
        });
    }

    /** What an answer to a submit says. */
    static Kind kind(NodeConnection.Heard heard) {
        return switch (heard.status()) {
            case 0 -> Kind.NONE;
            case 200 -> heard.body().contains("FAILURE") ? Kind.WRONG : Kind.OK;
            case 425 -> Kind.REFUSED; // It is written, and goes on.
            case 503, 429 -> heard.retryAfter() ? Kind.REFUSED : Kind.WRONG;
            default -> Kind.WRONG;
        };
    }

    /** One saga, until it has ended or was given up. */
    private final class Saga {

        private final long dueAt;
        private final Runnable then;
        private final long number;
        private String gid;
        private int home = -1;
        private int turn;
        private int attempts;

        /** @param turn who is asked first */
        Saga(long dueAt, int turn, Runnable then) {
            this.dueAt = dueAt;
            this.turn = turn;
            this.then = then;
            this.number = begun++;
            unfinished++;
        }

        void begin() {
            if (load.ids() == Scenario.Ids.OWN) {
                named(sites.prefix() + number);
            } else {
                askForName();
            }
        }

        private void askForName() {
            attempt("/api/dtmsvr/newGid", null, heard -> {
                int from = heard.body().indexOf("\"gid\":\"") + 7;
                int to = heard.body().indexOf('"', from);
                if (heard.status() == 200 && from >= 7 && to > from) {
                    attempts = 0;
                    named(heard.body().substring(from, to));
                } else {
                    again(this::askForName);
                }
            });
        }

        private void named(String name) {
            gid = name;
            home = sites.home().applyAsInt(gid);
            submit();
        }

        private void submit() {
            String body = "{\"gid\":\"" + gid + "\",\"trans_type\":\"saga\",\"wait_result\":true,"
                + "\"steps\":[{\"action\":\"" + sites.branch() + "\"},{\"action\":\""
                + sites.branch() + "\"}],\"payloads\":[\"{}\",\"{}\"]}";
            attempt("/api/dtmsvr/submit", body, heard -> {
                if (heard.status() == 409 && attempts > 1) {
                    query(heard);
                } else {
                    judge(heard, kind(heard));
                }
            });
        }

        private void query(NodeConnection.Heard refusal) {
            attempt("/api/dtmsvr/query?gid=" + gid, null, heard -> {
                if (heard.status() == 200 && heard.body().contains("\"status\":\"succeed\"")) {
                    judge(heard, Kind.OK);
                } else if (heard.status() == 200 && heard.body().contains("\"status\":\"fail")) {
                    judge(refusal, Kind.WRONG);
                } else {
                    again(this::submit);
                }
            });
        }

        private void judge(NodeConnection.Heard heard, Kind kind) {
            switch (kind) {
                case OK -> end("");
                case WRONG -> end(heard.status() + " " + heard.body());
                default -> again(this::submit);
            }
        }

        private void again(Runnable step) {
            if (System.nanoTime() - dueAt > load.patience().toNanos()) {
                end("no definite answer within " + load.patience().toSeconds() + " s");
                return;
            }
            turn++;
            loop.schedule(step, load.repeatAfter().toMillis(), TimeUnit.MILLISECONDS);
        }

        private void attempt(String path, String body, Consumer<NodeConnection.Heard> ear) {
            attempts++;
            int node = sites.order().get(Math.floorMod(turn, sites.order().size()));
            long askedAt = System.nanoTime();
            ask(node, new NodeConnection.Ask(path, body), heard -> {
                Kind kind = heard.status() == 409 && attempts > 1 ? Kind.OK : kind(heard);
                chronicle.add(new Answer(askedAt, System.nanoTime(), node, home, kind));
                ear.accept(heard);
            });
        }

        private void end(String wrong) {
            unfinished--;
            chronicle.add(new Ended(dueAt, System.nanoTime(), home, attempts, wrong));
            then.run();
        }
    }
}

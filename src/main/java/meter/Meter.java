package meter;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The counters, histograms and gauges of the product.
 *
 * <p>Each is published under Pactor's name and, where DTM has one for the same thing, under DTM's
 * too, so that existing boards go on (without its labels of unlimited variety: {@code branchid},
 * and an {@code api} with its query). Label values are few by nature: modes, operations, routes,
 * codes. Never pass a gid, a url or a workflow's name; should something unbounded get in all the
 * same, all beyond {@link #LABEL_SETS} combinations is counted as {@code other}.
 *
 * <p>Safe from any thread, does not block, throws nothing.
 */
public final class Meter {

    /** Combinations of label values that one kind of observation may have. */
    public static final int LABEL_SETS = 500;

    private static final String OTHER = "other";

    private static final List<String> MODES = List.of("saga", "tcc", "xa", "msg", "workflow");

    private static final List<String> REFUSALS =
        List.of("gid", "requests", "slow", "waiting", "bytes");

    /** From a call within the machine to the longest wait of a client. */
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(1), Duration.ofNanos(2_500_000), Duration.ofMillis(5),
        Duration.ofMillis(10), Duration.ofMillis(25), Duration.ofMillis(50),
        Duration.ofMillis(100), Duration.ofMillis(250), Duration.ofMillis(500),
        Duration.ofSeconds(1), Duration.ofMillis(2_500), Duration.ofSeconds(5),
        Duration.ofSeconds(10), Duration.ofSeconds(30), Duration.ofSeconds(60)
    };

    private static final double[] BUCKETS_IN_SECONDS = inSeconds(BUCKETS);

    /** Entries written by one append to the journal. */
    private static final double[] BATCH_SIZES = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512};

    /**
     * Labels of a branch call.
     *
     * @param mode saga, tcc, xa, msg or workflow
     * @param op the operation, from the fixed list; of a workflow's callback never its name
     * @param protocol how it was called
     * @param outcome success, failure, ongoing or unknown
     */
    public record Branch(String mode, String op, String protocol, String outcome) {}

    /**
     * Labels of a request to the HTTP interface.
     *
     * @param route the route's pattern, never the path itself
     * @param method the HTTP method
     * @param code the HTTP status answered
     */
    public record Http(String route, String method, int code) {}

    /**
     * Labels of a call to the gRPC interface.
     *
     * @param method the method's name, from the fixed list
     * @param code the name of the status answered
     */
    public record Grpc(String method, String code) {}

    private record Finished(String mode, String outcome) {}

    private final MeterRegistry registry;
    private final boolean isScraped;
    private final Map<String, Counter> started = new ConcurrentHashMap<>();
    private final Map<String, Counter> removed = new ConcurrentHashMap<>();
    private final Map<String, Counter> refused = new ConcurrentHashMap<>();
    private final Map<String, Counter> refusedDials = new ConcurrentHashMap<>();
    private final Map<String, Counter> lost = new ConcurrentHashMap<>();
    private final Map<Finished, Consumer<Duration>> finished = new ConcurrentHashMap<>();
    private final Map<Branch, Consumer<Duration>> branches = new ConcurrentHashMap<>();
    private final Map<String, Counter> parked = new ConcurrentHashMap<>();
    private final Map<String, Counter> retries = new ConcurrentHashMap<>();
    private final Map<String, Counter> putOff = new ConcurrentHashMap<>();
    private final Map<Http, Consumer<Duration>> requests = new ConcurrentHashMap<>();
    private final Map<Grpc, Consumer<Duration>> grpcCalls = new ConcurrentHashMap<>();
    private final Timer appends;
    private final DistributionSummary batches;
    private final Counter failedAppends;
    private final Counter setBack;

    private Meter(MeterRegistry registry, boolean isScraped) {
        this.registry = registry;
        this.isScraped = isScraped;
        this.appends = timer(
                "pactor.journal.append.duration", "One write to the journal", Tags.empty());
        this.batches = DistributionSummary.builder("pactor.journal.append.entries")
                .description("Entries written to the journal at once")
                .serviceLevelObjectives(BATCH_SIZES)
                .register(registry);
        this.failedAppends = counter(
                "pactor.journal.append.failures",
                "Writes to the journal that failed",
                Tags.empty());
        this.setBack = counter(
                "pactor.journal.set.back",
                "Transactions of which the database has lost what it had confirmed",
                Tags.empty());
        // So that a board finds them before the first one.
        MODES.forEach(this::parkings);
        REFUSALS.forEach(this::refusals);
        putOffs("action");
        dials("deny");
    }

    /**
     * With a registry of its own, to be {@linkplain #scrape() scraped}; tells of the JVM as well.
     */
    public static Meter create() {
        return new Meter(Prometheus.registry(), true);
    }

    /** With the host's registry, which stays the host's: nothing but the product is put in. */
    public static Meter over(MeterRegistry registry) {
        return new Meter(registry, false);
    }

    /** A transaction was opened. */
    public void transactionStarted(String mode) {
        bounded(started, mode, OTHER, kind -> counter(
                        "pactor.transactions.started",
                        "Global transactions opened",
                        Tags.of("kind", kind)))
                .increment();
    }

    /**
     * A transaction reached its end.
     *
     * @param outcome its final status, as the wire spells it
     * @param age since it was opened
     */
    public void transactionFinished(String mode, String outcome, Duration age) {
        bounded(finished, new Finished(mode, outcome), new Finished(OTHER, OTHER), this::finished)
                .accept(age);
    }

    /** A transaction does nothing until an operator has it go on. */
    public void transactionParked(String mode) {
        parkings(mode).increment();
    }

    private Counter parkings(String mode) {
        return bounded(parked, mode, OTHER, kind -> counter(
                        "pactor.transactions.exhausted",
                        "Global transactions parked, since a call went wrong too often",
                        Tags.of("kind", kind)));
    }

    /** Finished transactions were removed. */
    public void transactionsRemoved(String mode, int count) {
        bounded(removed, mode, OTHER, kind -> counter(
                        "pactor.transactions.removed",
                        "Finished transactions removed after their time",
                        Tags.of("kind", kind)))
                .increment(count);
    }

    /** A request was not taken; {@code reason} says which bound it met. */
    public void requestRefused(String reason) {
        refusals(reason).increment();
    }

    private Counter refusals(String reason) {
        return bounded(refused, reason, OTHER, why -> counter(
                        "pactor.requests.refused",
                        "Requests that were not taken",
                        Tags.of("reason", why)));
    }

    /** A host was not called, since it may not be; {@code rule} says why. */
    public void dialRefused(String rule) {
        dials(rule).increment();
    }

    private Counter dials(String rule) {
        return bounded(refusedDials, rule, OTHER, why -> counter("pactor.egress.refused",
                        "Hosts not called since they may not be", Tags.of("rule", why)));
    }

    /** Messages between actors came to nobody: dropped by a full buffer, or too late. */
    public void messageLost(String how, int count) {
        bounded(lost, how, OTHER, why -> counter(
                        "pactor.messages.lost",
                        "Messages between actors that came to nobody",
                        Tags.of("how", why)))
                .increment(count);
    }

    /** A participant was called, with whatever outcome. */
    public void branchCall(Branch call, Duration took) {
        bounded(branches, call, new Branch(OTHER, OTHER, OTHER, OTHER), this::branch).accept(took);
    }

    /** An operation is called again. */
    public void branchRetry(String op) {
        bounded(retries, op, OTHER, value -> counter(
                        "pactor.branch.retries",
                        "Branch calls made again",
                        Tags.of("op", value)))
                .increment();
    }

    /** A call was put off, since its participant does not answer. */
    public void branchPutOff(String op) {
        putOffs(op).increment();
    }

    private Counter putOffs(String op) {
        return bounded(putOff, op, OTHER, value -> counter(
                        "pactor.branch.put.off",
                        "Branch calls put off by the retry budget of their participant",
                        Tags.of("op", value)));
    }

    /** A request to the HTTP interface was answered. */
    public void httpRequest(Http request, Duration took) {
        bounded(requests, request, new Http(OTHER, OTHER, 0), this::http).accept(took);
    }

    /** A call to the gRPC interface has ended. */
    public void grpcRequest(Grpc call, Duration took) {
        bounded(grpcCalls, call, new Grpc(OTHER, OTHER), this::grpc).accept(took);
    }

    /** A group of {@code entries} was written to the journal. */
    public void journalAppend(int entries, Duration took) {
        appends.record(took);
        batches.record(entries);
    }

    /** A group could not be written, or nobody knows whether it was. */
    public void journalAppendFailed() {
        failedAppends.increment();
    }

    /** The database does not have what it had confirmed of a transaction. */
    public void journalSetBack() {
        setBack.increment();
    }

    /** Publishes {@code value}, which is asked for at each scrape and must be quick. */
    public void gauge(String name, String help, Supplier<Number> value) {
        gauge(name, help, Map.of(), value);
    }

    /** The same with labels. */
    public void gauge(
            String name, String help, Map<String, String> labels, Supplier<Number> value) {
        Tags tags = Tags.empty();
        for (Map.Entry<String, String> label : labels.entrySet()) {
            tags = tags.and(label.getKey(), label.getValue());
        }
        Gauge.builder(name, value).description(help).tags(tags).register(registry);
    }

    /**
     * All of it in Prometheus' text format; empty if the host handed in a registry of another kind,
     * which publishes in its own way.
     */
    public String scrape() {
        return isScraped ? Prometheus.scrape(registry) : "";
    }

    private Consumer<Duration> finished(Finished labels) {
        Tags own = Tags.of("kind", labels.mode(), "outcome", labels.outcome());
        Counter count = counter("pactor.transactions.finished", "Global transactions ended", own);
        Timer time = timer("pactor.transaction.duration", "From the opening to the end", own);
        Counter dtmCount = counter(
                "dtm.transaction.process",
                "Global transactions ended; DTM's name",
                Tags.of("model", labels.mode(), "status", labels.outcome()));
        DistributionSummary dtmTime = summary(
                "dtm_transaction_handled_duration",
                "Seconds from the opening to the end; DTM's name",
                Tags.of("model", labels.mode()));
        return age -> {
            count.increment();
            time.record(age);
            dtmCount.increment();
            dtmTime.record(age.toNanos() / 1e9);
        };
    }

    private Consumer<Duration> branch(Branch labels) {
        Tags timed = Tags.of(
                "op", labels.op(), "protocol", labels.protocol(), "result", labels.outcome());
        String status = labels.outcome().equals("success") ? "ok" : "fail";
        Counter count =
                counter("pactor.branch.calls", "Branch calls", timed.and("kind", labels.mode()));
        Timer time = timer("pactor.branch.call.duration", "One branch call", timed);
        Counter dtmCount = counter(
                "dtm.branch.process",
                "Branch calls; DTM's name",
                Tags.of("model", labels.mode(), "branchtype", labels.op(), "status", status));
        return took -> {
            count.increment();
            time.record(took);
            dtmCount.increment();
        };
    }

    private Consumer<Duration> http(Http labels) {
        String code = String.valueOf(labels.code());
        Timer time = timer("pactor.http.request.duration", "One request to the HTTP interface",
                Tags.of("route", labels.route(), "method", labels.method(), "code", code));
        Consumer<Duration> dtm = dtmRequest("http", labels.route(), labels.code() < 400);
        return took -> {
            time.record(took);
            dtm.accept(took);
        };
    }

    private Consumer<Duration> grpc(Grpc labels) {
        Tags own = Tags.of("method", labels.method(), "code", labels.code());
        Counter count = counter("pactor.grpc.requests", "Calls to the gRPC interface", own);
        Timer time =
                timer("pactor.grpc.request.duration", "One call to the gRPC interface", own);
        Consumer<Duration> dtm =
                dtmRequest("grpc", labels.method(), labels.code().equals("OK"));
        return took -> {
            count.increment();
            time.record(took);
            dtm.accept(took);
        };
    }

    private Consumer<Duration> dtmRequest(String type, String api, boolean fine) {
        Counter count = counter(
                "dtm.server.process",
                "Requests; DTM's name",
                Tags.of("type", type, "api", api, "status", fine ? "ok" : "fail"));
        DistributionSummary time = summary(
                "dtm_server_response_duration",
                "Seconds from request to answer; DTM's name",
                Tags.of("type", type, "api", api));
        return took -> {
            count.increment();
            time.record(took.toNanos() / 1e9);
        };
    }

    private Counter counter(String name, String help, Tags tags) {
        return Counter.builder(name).description(help).tags(tags).register(registry);
    }

    private Timer timer(String name, String help, Tags tags) {
        return Timer.builder(name)
                .description(help)
                .tags(tags)
                .serviceLevelObjectives(BUCKETS)
                .register(registry);
    }

    private DistributionSummary summary(String name, String help, Tags tags) {
        return DistributionSummary.builder(name)
                .description(help)
                .tags(tags)
                .serviceLevelObjectives(BUCKETS_IN_SECONDS)
                .register(registry);
    }

    /** What belongs to {@code key}; once there are too many keys, what belongs to {@code other}. */
    private static <K, V> V bounded(Map<K, V> known, K key, K other, Function<K, V> create) {
        V value = known.get(key);
        if (value != null) {
            return value;
        }
        return known.computeIfAbsent(known.size() < LABEL_SETS ? key : other, create);
    }

    private static double[] inSeconds(Duration[] durations) {
        double[] seconds = new double[durations.length];
        for (int i = 0; i < seconds.length; i++) {
            seconds[i] = durations[i].toNanos() / 1e9;
        }
        return seconds;
    }
}

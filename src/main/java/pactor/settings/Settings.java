package pactor.settings;

import actors.Admission;
import branch.CallSettings;
import branch.GrpcSettings;
import branch.RetrySettings;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import egress.EgressRules;
import grpc.GrpcServerSettings;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import transaction.Policy;
import transaction.VerdictMode;

/**
 * The settings of one node: the tree {@code pactor} of the configuration, typed and checked.
 * Immutable. Every default stands in {@code reference.conf}, with what the key means, none here.
 *
 * @param http how clients reach this node over HTTP
 * @param grpc how clients reach this node over gRPC
 * @param coordinator what is held and admitted at once
 * @param policy the server's part in the rules
 * @param waker the pace at which the overdue are woken
 * @param store where facts are kept
 * @param calls how participants are called
 * @param egress who may be called
 * @param alert who hears of a branch that keeps failing
 * @param events what is kept for those who watch live
 * @param cluster how this node finds the others
 * @param tls the certificates and keys of each port, and of calls
 * @param retention how long what has ended is kept
 * @param security who may call
 * @param isProduction whether the profile is that for production
 * @param testMode whether time can be skipped and data deleted from outside
 * @param logLevel trace, debug, info, warn, error or off
 * @param reloadInterval how often to look for a changed file; zero for never
 * @param drain how long what is under way may take when the server is told to stop
 */
public record Settings(
        Http http,
        Grpc grpc,
        Coordinator coordinator,
        Policy policy,
        Waker waker,
        StoreConfig store,
        CallSettings calls,
        EgressRules egress,
        Alert alert,
        Events events,
        ClusterSettings cluster,
        TlsSettings tls,
        Retention retention,
        SecuritySettings security,
        boolean isProduction,
        boolean testMode,
        String logLevel,
        Duration reloadInterval,
        Duration drain) {

    /** The root of all keys. */
    public static final String ROOT = "pactor";

    private static final Duration MILLI = Duration.ofMillis(1);
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration HOUR = Duration.ofHours(1);
    private static final Duration DAY = Duration.ofDays(1);

    /** The longest interval that makes sense: a month without a try is a transaction forgotten. */
    private static final Duration LONG = Duration.ofDays(30);

    /** Between the end of a wait and the end of its connection, so that the answer gets out. */
    private static final Duration ANSWER_LEAVES = Duration.ofSeconds(10);

    /** Beyond the coordinator's own bound, a client is told that nothing is known. */
    public static final Duration LAST_WORD = Duration.ofSeconds(5);

    private static final int MILLION = 1_000_000;
    private static final long KIB = 1_024;
    private static final long MIB = 1_024 * KIB;

    private static final List<String> PROFILES = List.of("development", "production");

    private static final List<String> LEVELS =
        List.of("trace", "debug", "info", "warn", "error", "off");

    /**
     * How clients reach this node over HTTP.
     *
     * @param host the address to listen on
     * @param port the port to listen on; 0 if the operating system is to choose
     * @param maxBodyBytes the longest request body
     * @param maxBufferedBytes bodies that are being received, all together
     * @param maxHeaderBytes the longest value of a header
     * @param maxHeaders headers of one request
     * @param maxConnections connections open at once
     * @param bodyTimeout how long a body may take to arrive
     * @param idleTimeout a connection on which nothing moves for this long is closed
     * @param maxUnreadBytes answers that clients have not read yet, all together
     */
    public record Http(
            String host,
            int port,
            int maxBodyBytes,
            long maxBufferedBytes,
            int maxHeadBytes,
            int maxHeaderBytes,
            int maxHeaders,
            int maxConnections,
            Duration headTimeout,
            Duration bodyTimeout,
            Duration idleTimeout,
            long maxUnreadBytes) {}

    /**
     * How clients reach this node over gRPC.
     *
     * @param enabled whether it is served at all
     * @param listen where, and what is put up with
     */
    public record Grpc(boolean enabled, GrpcServerSettings listen) {}

    /**
     * What is held and admitted at once.
     *
     * @param shards over how many shards the transactions are spread, for ever
     * @param limits requests under way at once
     * @param answerWithin how long a request may take to become durable
     * @param waitWithin how long a client that waits for the result may be kept
     * @param idle how long a transaction with nothing to do stays in memory
     */
    public record Coordinator(
            int shards,
            Admission.Limits limits,
            Duration answerWithin,
            Duration waitWithin,
            Duration idle) {}

    /**
     * The pace at which the overdue are woken.
     *
     * @param interval from the end of one look to the next
     * @param pageSize rows read at once
     * @param perSecond wakes a second at most
     * @param inFlight wakes not answered yet at most
     */
    public record Waker(Duration interval, int pageSize, int perSecond, int inFlight) {}

    /**
     * Who hears of a branch that keeps failing.
     *
     * @param webHook the url that is told, secret since it often carries a token; may be empty
     * @param interval how often it is told of one participant at most; zero: of each failure
     */
    public record Alert(Secret webHook, Duration interval) {}

    /**
     * What is kept for those who watch live.
     *
     * @param keep events of this node that are kept
     * @param keepBytes the same by what they take in memory, roughly
     * @param maxReaders who read on this node at one time
     * @param heartBeat after which a reader without news gets a sign of life
     */
    public record Events(int keep, long keepBytes, int maxReaders, Duration heartBeat) {}

    /**
     * Reads and checks everything. A key that does not exist is refused, unless it is a system
     * property, which may be somebody else's.
     *
     * @param config a whole configuration, as an actor system has it: with the tree {@code pactor}
     *     and with {@code reference.conf} underneath
     * @throws BadConfiguration with every problem that was found
     */
    public static Settings of(Config config) {
        SettingsReader reader = reader(config);
        Settings settings = read(reader);
        check(settings, reader);
        TestModeCheck.of(settings, config, reader);
        EgressSettings.check(settings, reader);
        settings.cluster.check(settings, reader);
        settings.security.check(settings, reader);
        reader.refuseOthers();
        reader.done();
        return settings;
    }

    /** With every default, as {@code reference.conf} on the class path has it. */
    public static Settings defaults() {
        return of(ConfigFactory.defaultReference());
    }

    /** The keys below {@code pactor} that are read. */
    static Set<String> keysRead(Config config) {
        SettingsReader reader = reader(config);
        read(reader);
        return reader.read();
    }

    /** What each number, size and time below {@code pactor} may be. */
    public static Map<String, SettingsReader.Range> ranges(Config config) {
        SettingsReader reader = reader(config);
        read(reader);
        return reader.ranges();
    }

    private static SettingsReader reader(Config config) {
        if (!config.hasPath(ROOT)) {
            throw new BadConfiguration("there is no pactor { } in the configuration: "
                + "the reference.conf of Pactor is missing from the class path");
        }
        return new SettingsReader(config.getConfig(ROOT));
    }

    private static Settings read(SettingsReader from) {
        Http http = http(from);
        Coordinator coordinator = coordinator(from);
        boolean testMode = from.flag("test-mode");
        boolean isProduction = from.word("profile", PROFILES).equals(PROFILES.get(1));
        return new Settings(
            http,
            grpc(from, http, coordinator),
            coordinator,
            policy(from, testMode),
            waker(from),
            StoreConfig.read(from),
            calls(from, testMode),
            EgressSettings.read(from, isProduction),
            new Alert(from.webHook("alert.web-hook"),
                from.duration("alert.interval", Duration.ZERO, HOUR)),
            events(from),
            ClusterSettings.read(from),
            TlsSettings.read(from),
            Retention.read(from),
            SecuritySettings.read(from),
            isProduction,
            testMode,
            from.word("log.level", LEVELS),
            from.duration("reload.interval", Duration.ZERO, HOUR),
            from.duration("shutdown.drain", Duration.ZERO, HOUR));
    }

    private static Http http(SettingsReader from) {
        int body = (int) from.bytes("http.max-body", KIB, 64 * MIB);
        return new Http(
            from.nonEmpty("http.host"),
            from.integer("http.port", 0, 65_535),
            body,
            HeapShare.HTTP_RECEIVED.atMost(
                from.bytes("http.max-buffered", KIB, 65_536 * MIB), body),
            (int) from.bytes("http.max-head", KIB, 16 * MIB),
            (int) from.bytes("http.max-header", KIB, MIB),
            from.integer("http.max-headers", 8, 10_000),
            from.integer("http.max-connections", 1, MILLION),
            from.duration("http.head-timeout", SECOND, HOUR),
            from.duration("http.body-timeout", SECOND, HOUR),
            from.duration("http.idle-timeout", SECOND, DAY),
            HeapShare.ANSWERS.atMost(from.bytes("http.max-unread", MIB, 65_536 * MIB), MIB));
    }

    private static Grpc grpc(SettingsReader from, Http http, Coordinator coordinator) {
        String own = from.text("grpc.host");
        int message = (int) from.bytes("grpc.max-message", KIB, 64 * MIB);
        int metadata = (int) from.bytes("grpc.max-metadata", KIB, MIB);
        return new Grpc(from.flag("grpc.enabled"), new GrpcServerSettings(
            own.isBlank() ? http.host() : own,
            from.integer("grpc.port", 0, 65_535),
            from.flag("grpc.reflection"),
            message,
            HeapShare.GRPC_RECEIVED.atMost(
                from.bytes("grpc.max-buffered", KIB, 65_536 * MIB), message),
            metadata,
            grpcConnections(from.integer("grpc.max-connections", 1, MILLION)),
            from.integer("grpc.max-calls", 1, MILLION),
            openCalls(from.integer("grpc.max-open-calls", 16, MILLION), metadata),
            from.duration("grpc.message-timeout", SECOND, HOUR),
            from.duration("grpc.keep-alive", SECOND, DAY),
            from.duration("grpc.keep-alive-timeout", SECOND, HOUR),
            from.duration("grpc.permit-keep-alive", SECOND, DAY),
            from.duration("grpc.max-connection-age", SECOND, LONG),
            from.duration("grpc.max-connection-age-grace", SECOND, DAY),
            coordinator.waitWithin().plus(LAST_WORD)));
    }

    private static int grpcConnections(int asked) {
        long each = GrpcServerSettings.CONNECTION_BYTES;
        return (int) (HeapShare.GRPC_CONNECTIONS.atMost(asked * each, 16 * each) / each);
    }

    /** Half of them may be so new that all their metadata are there, each up to four times. */
    private static int openCalls(int asked, int metadata) {
        long each = Math.max(GrpcServerSettings.OPEN_CALL_BYTES, metadata / 2);
        return (int) (HeapShare.GRPC_CALLS.atMost(asked * each, 16 * each) / each);
    }

    private static Coordinator coordinator(SettingsReader from) {
        return new Coordinator(
            from.integer("coordinator.shards", 1, 10_000),
            new Admission.Limits(from.integer("coordinator.max-in-flight", 1, MILLION),
                from.integer("coordinator.max-waiting", 1, MILLION),
                from.integer("coordinator.max-in-flight-per-gid", 1, MILLION),
                HeapShare.IN_FLIGHT.atMost(
                    from.bytes("coordinator.max-in-flight-bytes", MIB, 65_536 * MIB), MIB),
                from.duration("coordinator.answer-target", MILLI, HOUR)),
            from.duration("coordinator.answer-within", Duration.ofMillis(100), MINUTE),
            from.duration("coordinator.wait-within", Duration.ofMillis(100), HOUR),
            from.duration("coordinator.idle", Duration.ofMillis(100), DAY));
    }

    /** Whoever skips time wants to know how long a wait is. */
    private static Policy policy(SettingsReader from, boolean testMode) {
        Duration interval = from.duration("transaction.retry-interval", SECOND, LONG);
        Duration max = from.duration("transaction.retry-interval-max", SECOND, LONG);
        int jitter = from.integer("transaction.retry-jitter", 0, 100);
        return new Policy(
            interval,
            interval.compareTo(max) > 0 ? interval : max,
            testMode ? 0 : jitter,
            from.duration("transaction.timeout-to-fail", SECOND, LONG),
            from.duration("transaction.request-timeout", Duration.ofMillis(10), HOUR),
            from.duration("transaction.hold-in-memory", MILLI, HOUR),
            from.integer("alert.attempts", 1, MILLION));
    }

    private static Waker waker(SettingsReader from) {
        return new Waker(
            from.duration("waker.interval", Duration.ofMillis(10), HOUR),
            from.integer("waker.page-size", 1, 10_000),
            from.integer("waker.per-second", 1, MILLION),
            from.integer("waker.in-flight", 1, 100_000));
    }

    private static Events events(SettingsReader from) {
        return new Events(
            from.integer("events.keep", 1, MILLION),
            HeapShare.EVENTS.atMost(from.bytes("events.keep-bytes", KIB, 1_024 * MIB), KIB),
            from.integer("events.max-readers", 0, 10_000),
            from.duration("events.heart-beat", Duration.ofMillis(100), HOUR));
    }

    private static CallSettings calls(SettingsReader from, boolean testMode) {
        int ioThreads = from.integer("calls.io-threads", 0, 64);
        int quarter = Math.max(1, Math.min(4, Runtime.getRuntime().availableProcessors() / 4));
        return new CallSettings(from.duration("calls.connect-timeout", MILLI, MINUTE),
            from.duration("calls.idle-timeout", MILLI, HOUR),
            from.integer("calls.max-connections", 1, MILLION),
            from.integer("calls.max-connections-per-host", 1, MILLION),
            from.integer("calls.queue-per-host", 0, MILLION),
            (int) from.bytes("calls.max-response", KIB, 64 * MIB),
            from.integer("calls.lookup-threads", 1, 1_000),
            ioThreads == 0 ? quarter : ioThreads,
            from.flag("calls.docker"),
            VerdictMode.of(from.word("calls.verdict-mode", List.of("dtm", "strict"))).orElseThrow(),
            new GrpcSettings(from.integer("calls.grpc.max-targets", 1, MILLION),
                from.integer("calls.grpc.max-concurrent-per-target", 1, MILLION),
                from.duration("calls.grpc.idle-timeout", MILLI, HOUR),
                from.duration("calls.grpc.keep-alive", Duration.ZERO, DAY),
                from.metadata("calls.grpc.coordinator-address")),
            retries(from, testMode), AttemptSettings.read(from));
    }

    private static RetrySettings retries(SettingsReader from, boolean testMode) {
        int burst = from.integer("calls.retry.burst", 1, MILLION);
        RetrySettings asked = new RetrySettings(from.integer("calls.retry.share", 0, 100),
            from.integer("calls.retry.per-second", 1, MILLION),
            burst,
            Math.max(burst, from.integer("calls.retry.burst-max", 1, MILLION)));
        return testMode ? RetrySettings.UNLIMITED : asked;
    }

    private static void check(Settings s, SettingsReader at) {
        s.store.check(s.coordinator.answerWithin, at);
        atLeastLeaving(s, s.coordinator.waitWithin, "wait-within", at);
        atLeastLeaving(s, s.coordinator.answerWithin, "answer-within", at);
        Duration grace = s.grpc.listen().maxAgeGrace();
        at.refuseIf(grace.compareTo(s.coordinator.waitWithin.plus(ANSWER_LEAVES)) < 0,
            "grpc.max-connection-age-grace", "must be at least " + ANSWER_LEAVES.toSeconds()
                + " s longer than pactor.coordinator.wait-within ("
                + s.coordinator.waitWithin.toMillis() + " ms)");
        at.refuseIf(s.http.idleTimeout.compareTo(s.events.heartBeat.multipliedBy(2)) < 0,
            "events.heart-beat", "must be at most half of pactor.http.idle-timeout ("
                + s.http.idleTimeout.toMillis() + " ms), which would end readers without news");
        at.refuseIf(s.grpc.listen().buffered() < s.grpc.listen().messageBytes(),
            "grpc.max-buffered", "must be at least pactor.grpc.max-message");
        at.refuseIf(s.http.maxBufferedBytes < s.http.maxBodyBytes,
            "http.max-buffered", "must be at least pactor.http.max-body");
        at.refuseIf(s.calls.maxConnectionsPerHost() > s.calls.maxConnections(),
            "calls.max-connections-per-host", "must not exceed pactor.calls.max-connections ("
                + s.calls.maxConnections() + ")");
    }

    private static void atLeastLeaving(Settings s, Duration wait, String key, SettingsReader at) {
        at.refuseIf(s.http.idleTimeout.compareTo(wait.plus(ANSWER_LEAVES)) < 0,
            "http.idle-timeout", "must be at least " + ANSWER_LEAVES.toSeconds()
                + " s longer than pactor.coordinator." + key + " (" + wait.toMillis() + " ms)");
    }
}

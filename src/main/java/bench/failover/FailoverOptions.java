package bench.failover;

import bench.BenchOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import picocli.CommandLine.Option;

/** The options of {@link FailoverCommand}, as given. */
final class FailoverOptions {

    static final int CLIENTS_DEFAULT = 32;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Show this and exit.")
    boolean help;

    @Option(names = "--event", paramLabel = "kill|stop|start|database|none",
        defaultValue = "kill", description = "What happens: a node is killed (kill -9) or told to "
            + "stop (SIGTERM); all are started at once; the database goes and comes back; nothing. "
            + "Default: ${DEFAULT-VALUE}")
    Fault event;

    @Option(names = "--victim", paramLabel = "youngest|oldest|random", defaultValue = "youngest",
        description = "Which node is killed or stopped. Default: ${DEFAULT-VALUE}")
    Scenario.Victim victim;

    @Option(names = "--nodes", paramLabel = "N", defaultValue = "3",
        description = "How many nodes are started. Default: ${DEFAULT-VALUE}")
    int nodes;

    @Option(names = "--clients", paramLabel = "N", description = "So many make one saga after the "
        + "other. Default: " + CLIENTS_DEFAULT + ", without --rate and --waiting")
    Integer clients;

    @Option(names = "--rate", paramLabel = "N", defaultValue = "0",
        description = "Begin so many sagas a second, whoever waits. Default: no")
    int rate;

    @Option(names = "--waiting", paramLabel = "N", defaultValue = "0",
        description = "So many transactions wait for a participant at the node that goes. "
            + "Default: ${DEFAULT-VALUE}")
    int waiting;

    @Option(names = "--retry-interval", paramLabel = "TIME", converter = BenchOptions.Time.class,
        defaultValue = "10s", description = "How often each of them calls. "
            + "Default: ${DEFAULT-VALUE}")
    Duration retryInterval;

    @Option(names = "--at", paramLabel = "staying|all|one", defaultValue = "staying",
        description = "Which nodes clients ask: those that do not go, all, or one. "
            + "Default: ${DEFAULT-VALUE}")
    Scenario.At at;

    @Option(names = "--ids", paramLabel = "own|new_gid", defaultValue = "own",
        description = "Whether clients make gids, or ask their node for each. "
            + "Default: ${DEFAULT-VALUE}")
    Scenario.Ids ids;

    @Option(names = "--warmup", paramLabel = "TIME", converter = BenchOptions.Time.class,
        defaultValue = "30s", description = "Of the load, before it happens. "
            + "Default: ${DEFAULT-VALUE}")
    Duration warmup;

    @Option(names = "--rest", paramLabel = "TIME", converter = BenchOptions.Time.class,
        defaultValue = "12s", description = "Of several nodes: wait after the warm-up until no "
            + "shard has moved for so long. Default: ${DEFAULT-VALUE}")
    Duration rest;

    @Option(names = "--observe", paramLabel = "TIME", converter = BenchOptions.Time.class,
        defaultValue = "20s", description = "From then on. Default: ${DEFAULT-VALUE}")
    Duration observe;

    @Option(names = "--repeat-after", paramLabel = "TIME", converter = BenchOptions.Time.class,
        defaultValue = "200ms", description = "How long a client waits before it repeats. "
            + "Default: ${DEFAULT-VALUE}")
    Duration repeatAfter;

    @Option(names = "--patience", paramLabel = "TIME", converter = BenchOptions.Time.class,
        defaultValue = "60s", description = "When a client gives a saga up. "
            + "Default: ${DEFAULT-VALUE}")
    Duration patience;

    @Option(names = "--store-url", paramLabel = "URL", description = "JDBC url of the database of "
        + "the nodes; nobody else may work on it. Default: PACTOR_STORE_JDBC_URL")
    String storeUrl;

    @Option(names = "--store-user", paramLabel = "NAME",
        description = "Its user. Default: PACTOR_STORE_USER, or what serve takes")
    String storeUser;

    @Option(names = "--store-password-file", paramLabel = "FILE",
        description = "Holds that user's password. Default: PACTOR_STORE_PASSWORD or "
            + "PACTOR_STORE_PASSWORD_FILE, which the nodes inherit")
    Path storePasswordFile;

    @Option(names = "--database-stop", paramLabel = "COMMAND",
        description = "With --event database: takes it away, by sh -c.")
    String databaseStop;

    @Option(names = "--database-start", paramLabel = "COMMAND",
        description = "With --event database: brings it, or its standby, back, and returns when it "
            + "takes connections.")
    String databaseStart;

    @Option(names = "--outage", paramLabel = "TIME", converter = BenchOptions.Time.class,
        defaultValue = "5s", description = "From the one command to the other. "
            + "Default: ${DEFAULT-VALUE}")
    Duration outage;

    @Option(names = "--database-pid", paramLabel = "PID",
        description = "The database's first process, to tell its processor time too.")
    Long databasePid;

    @Option(names = "--jvm", paramLabel = "OPTIONS", defaultValue = "-Xmx512m",
        description = "Options of the JVM of each node, between blanks. "
            + "Default: ${DEFAULT-VALUE}")
    String jvm;

    @Option(names = "--set", paramLabel = "KEY=VALUE",
        description = "A setting of each node; may be repeated.")
    java.util.List<String> settings = java.util.List.of();

    @Option(names = "--logs", paramLabel = "DIR", description = "Keep the logs of the nodes there.")
    Path logs;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the figures there too.")
    Path json;

    @Option(names = "--picture", paramLabel = "FILE",
        description = "Draw there, as SVG, what clients saw second by second.")
    Path picture;

    /** @throws IllegalArgumentException if the options make no sense, with the reason in words */
    Scenario scenario() {
        int least = event.hasVictim() ? 2 : 1;
        within("--nodes", nodes, least, Scenario.NODES_MAX);
        within("--rate", rate, 0, Scenario.RATE_MAX);
        within("--waiting", waiting, 0, Scenario.WAITING_MAX);
        require(waiting == 0 || event.hasVictim(),
            "--waiting needs --event kill or stop: they wait at the node that goes");
        boolean quiet = rate > 0 || waiting > 0 || event == Fault.START;
        int closed = clients != null ? clients : quiet ? 0 : CLIENTS_DEFAULT;
        within("--clients", closed, 0, Scenario.CLIENTS_MAX);
        require(closed == 0 || rate == 0, "--clients and --rate are two kinds of load; give one");
        require(event != Fault.START || closed == 0 && rate == 0,
            "--event start is without clients");
        boolean hasCommands = databaseStop != null && databaseStart != null;
        require(event != Fault.DATABASE || hasCommands,
            "--event database needs --database-stop and --database-start");
        require(event == Fault.DATABASE || databaseStop == null && databaseStart == null,
            "--database-stop and --database-start need --event database");
        within("--retry-interval", retryInterval, Duration.ofSeconds(1), Scenario.RETRY_MAX);
        require(retryInterval.toMillisPart() == 0, "--retry-interval must be whole seconds");
        within("--warmup", warmup, Duration.ZERO, Scenario.PART_MAX);
        within("--rest", rest, Duration.ZERO, Rehearsal.REST_WITHIN);
        within("--observe", observe, Duration.ofSeconds(1), Scenario.PART_MAX);
        within("--outage", outage, Duration.ZERO, Scenario.PART_MAX);
        within("--repeat-after", repeatAfter, Duration.ofMillis(10), Scenario.PART_MAX);
        within("--patience", patience, Duration.ofSeconds(1), Scenario.PART_MAX);
        writable("--json", json);
        writable("--picture", picture);
        return new Scenario(event, victim, nodes,
            new Scenario.Load(closed, rate, at, ids, repeatAfter, patience),
            waiting, retryInterval, new Scenario.Times(warmup, rest, observe, outage));
    }

    private static void writable(String option, Path file) {
        Path parent = file == null ? null : file.toAbsolutePath().getParent();
        require(file == null || parent != null && Files.isDirectory(parent)
            && !Files.isDirectory(file),
            option + ": " + file + " is not a file in a directory that exists");
    }

    private static void within(String option, int value, int least, int most) {
        require(value >= least && value <= most,
            option + " must be from " + least + " to " + most + ", not " + value);
    }

    private static void within(String option, Duration value, Duration least, Duration most) {
        require(value.compareTo(least) >= 0 && value.compareTo(most) <= 0, option + " must be from "
            + least.toMillis() + "ms to " + most.toMillis() + "ms, not " + value.toMillis() + "ms");
    }

    private static void require(boolean holds, String reason) {
        if (!holds) {
            throw new IllegalArgumentException(reason);
        }
    }
}

package pactor.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import pactor.settings.Inputs;
import pactor.settings.Settings;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options that say how the server is set up; the same for {@code serve} and {@code config}. */
final class ConfigOptions {

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(names = {"-c", "--config"}, paramLabel = "FILE", description = {
        "Configuration: .yaml with DTM's keys, Pactor's, or both; or .conf in HOCON."})
    private Path file;

    @Option(names = "--host", paramLabel = "ADDRESS",
        description = "Address to listen on; 0.0.0.0 for all.")
    private String host;

    @Option(names = "--port", paramLabel = "PORT",
        description = "Port to listen on; 0 for a free one.")
    private String port;

    @Option(names = "--grpc-port", paramLabel = "PORT",
        description = "Port to listen on for gRPC; 0 for a free one.")
    private String grpcPort;

    @Option(names = "--join", paramLabel = "HOST:PORT,...", description = {
        "Nodes of the cluster to join, as --cluster-host and --cluster-port of each.",
        "The same list for each node; the first of it forms the cluster."})
    private String join;

    @Option(names = "--cluster-host", paramLabel = "ADDRESS",
        description = "Address at which the other nodes reach this one.")
    private String clusterHost;

    @Option(names = "--cluster-port", paramLabel = "PORT",
        description = "Port at which the other nodes reach this one.")
    private String clusterPort;

    @Option(names = "--data-dir", paramLabel = "DIR",
        description = "Directory of the embedded database.")
    private String dataDir;

    @Option(names = "--power-loss-safe", arity = "0..1", fallbackValue = "on",
        paramLabel = "on|off",
        description = "Whether what was acknowledged survives the loss of power too.")
    private String powerLossSafe;

    @Option(names = "--test-mode", arity = "0..1", fallbackValue = "on", paramLabel = "on|off",
        description = {"For the tests of those who use the coordinator: time can be skipped,",
            "data deleted. Stores in memory unless it is told where."})
    private String testMode;

    @Option(names = "--log-level", paramLabel = "LEVEL",
        description = "trace, debug, info, warn, error or off.")
    private String logLevel;

    @Option(names = {"-d", "--debug"}, description = "The same as --log-level debug.")
    private boolean debug;

    @Option(names = "--set", paramLabel = "KEY=VALUE",
        description = "Any key of the configuration; may be repeated.")
    private List<String> assignments = new ArrayList<>();

    @Option(names = "-r", hidden = true)
    private boolean reset;

    /**
     * What the command line says, over the process' own properties and environment.
     *
     * @throws ParameterException if options contradict each other or cannot be read
     */
    Inputs over(Inputs process) {
        CommandLine line = spec.commandLine();
        if (reset) {
            throw new ParameterException(line, "-r would delete every transaction. To do so, stop "
                + "the server and delete its data directory");
        }
        if (debug && logLevel != null) {
            throw new ParameterException(line, "-d and --log-level exclude each other");
        }
        List<Inputs.Flag> flags = new ArrayList<>();
        for (String assignment : assignments) {
            int equals = assignment.indexOf('=');
            if (equals < 1) {
                throw new ParameterException(line, "--set takes KEY=VALUE, not " + assignment);
            }
            flags.add(new Inputs.Flag("--set", assignment.substring(0, equals).trim(),
                assignment.substring(equals + 1).trim()));
        }
        add(flags, "--host", "http.host", host);
        add(flags, "--port", "http.port", port);
        add(flags, "--grpc-port", "grpc.port", grpcPort);
        add(flags, "--join", "cluster.join", join);
        add(flags, "--cluster-host", "cluster.host", clusterHost);
        add(flags, "--cluster-port", "cluster.port", clusterPort);
        add(flags, "--data-dir", "store.data-dir", dataDir);
        add(flags, "--power-loss-safe", "store.power-loss-safe", powerLossSafe);
        add(flags, "--test-mode", "test-mode", testMode);
        add(flags, debug ? "-d" : "--log-level", "log.level", debug ? "debug" : logLevel);
        return new Inputs(flags, process.properties(), process.environment(),
            Optional.ofNullable(file));
    }

    private static void add(List<Inputs.Flag> flags, String name, String key, String value) {
        if (value != null) {
            flags.add(new Inputs.Flag(name, Settings.ROOT + "." + key, value));
        }
    }
}

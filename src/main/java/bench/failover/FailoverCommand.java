package bench.failover;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code pactor bench failover}: what clients see when a node goes, or the database.
 *
 * <p>Exit codes: 0 if each saga had a definite answer, whether the goals were reached or not; 1
 * otherwise, or if it could not be played; 2 for a mistake on the command line.
 */
@Command(name = "failover", description = {
    "Starts nodes of its own over a database that is given, has clients make sagas there, kills or "
        + "stops a node, and tells what the clients saw.",
    "It brings its own participants. Progress goes to standard error, the figures to standard "
        + "output."})
public final class FailoverCommand implements Callable<Integer> {

    static final String STORE_URL = "PACTOR_STORE_JDBC_URL";

    private final Supplier<List<String>> program;
    private final Map<String, String> environment;
    private final String version;

    @Mixin
    private FailoverOptions options;

    @Spec
    private CommandSpec spec;

    /**
     * @param program java, its options apart, and what starts a server: {@code java -jar ... serve}
     * @param environment of this process, which the nodes inherit
     * @param version of this program
     */
    public FailoverCommand(
            Supplier<List<String>> program, Map<String, String> environment, String version) {
        this.program = program;
        this.environment = environment;
        this.version = version;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Scenario scenario = scenario();
        boolean temporary = options.logs == null;
        Path directory = temporary ? Files.createTempDirectory("pactor-failover")
            : Files.createDirectories(options.logs);
        try {
            Nodes nodes = new Nodes(launch(directory), scenario.nodes());
            DatabaseOutage outage = new DatabaseOutage(options.databaseStop, options.databaseStart,
                directory.resolve("database.log"));
            try (var rehearsal = new Rehearsal(scenario, nodes, outage,
                    Optional.ofNullable(options.databasePid), err())) {
                return tell(scenario, rehearsal.play());
            }
        } catch (IllegalStateException failed) {
            err().println(failed.getMessage());
            err().flush();
            return 1;
        } finally {
            if (temporary) {
                remove(directory);
            }
        }
    }

    private Scenario scenario() {
        try {
            Scenario scenario = options.scenario();
            if (options.storeUrl == null && environment.getOrDefault(STORE_URL, "").isEmpty()) {
                throw new IllegalArgumentException("the nodes need a database that they share: "
                    + "give --store-url, or set " + STORE_URL);
            }
            return scenario;
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(spec.commandLine(), wrong.getMessage());
        }
    }

    private int tell(Scenario scenario, Rehearsal.Seen seen) throws IOException {
        FailoverFigures figures = FailoverFigures.of(scenario, seen);
        FailoverReport report = new FailoverReport(scenario, seen, figures,
            new FailoverReport.About(version, store(),
                Runtime.getRuntime().availableProcessors()));
        report.print(spec.commandLine().getOut());
        if (options.json != null) {
            report.write(options.json);
        }
        if (options.picture != null) {
            Files.writeString(options.picture, Picture.of(scenario, seen, figures).svg());
        }
        return figures.isClean() ? 0 : 1;
    }

    /** Without host and password: {@code jdbc:postgresql}. */
    private String store() {
        String url = options.storeUrl == null ? environment.get(STORE_URL) : options.storeUrl;
        String[] parts = url.split(":", 3);
        return parts.length > 1 ? parts[1] : url;
    }

    private Nodes.Launch launch(Path directory) {
        List<String> command = new ArrayList<>(program.get());
        List<String> jvm = Stream.of(options.jvm.strip().split("\\s+"))
            .filter(each -> !each.isEmpty()).toList();
        command.addAll(1, jvm);
        Map<String, String> more = new HashMap<>();
        if (options.storeUrl != null) {
            more.put(STORE_URL, options.storeUrl);
        }
        if (options.storeUser != null) {
            more.put("PACTOR_STORE_USER", options.storeUser);
        }
        if (options.storePasswordFile != null) {
            more.put("PACTOR_STORE_PASSWORD_FILE", options.storePasswordFile.toString());
            more.put("PACTOR_STORE_PASSWORD", ""); // Of the two, only one may be there.
        }
        return new Nodes.Launch(command, options.settings, more, directory);
    }

    private static void remove(Path directory) throws IOException {
        try (Stream<Path> all = Files.walk(directory)) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        }
    }

    private PrintWriter err() {
        return spec.commandLine().getErr();
    }
}

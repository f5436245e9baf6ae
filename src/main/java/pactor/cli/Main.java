package pactor.cli;

import bench.BenchCommand;
import bench.ChildCoordinator;
import bench.failover.FailoverCommand;
import demo.DemoCommand;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;
import pactor.Server;
import pactor.cli.operator.Failure;
import pactor.cli.operator.OperatorCommands;
import pactor.settings.BadConfiguration;
import pactor.settings.Inputs;
import pactor.settings.StartFailure;
import pactor.settings.Version;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;
import prove.ProveCommand;

/** The command line of the runnable jar. */
@Command(name = "pactor", versionProvider = Main.Versions.class, sortOptions = false,
    description = "A coordinator for transactions that span services. Speaks DTM's protocol.",
    footer = {"", "Without a command, serve.",
        "Exit codes: 0 done, 1 failed or refused, 2 wrong usage, 69 the server does not answer,",
        "77 not permitted, 78 bad configuration."})
public final class Main implements Runnable {

    /** From sysexits: something was found in an unconfigured or misconfigured state. */
    static final int BAD_CONFIGURATION = 78;

    /** They tell of the others. */
    private static final Set<String> ABOUT_ALL = Set.of("help", "completion", "man");

    private static final Set<String> OF_MAIN = Set.of("-h", "--help", "-v", "--version");

    /** Read by the JDK when the common pool is first used. */
    private static final String COMMON_POOL =
        "java.util.concurrent.ForkJoinPool.common.parallelism";

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Shows this.")
    private boolean help;

    @Option(names = {"-v", "--version"}, versionHelp = true, description = "Shows the version.")
    private boolean version;

    /** Runs a command and ends the process with its exit code. */
    public static void main(String[] args) {
        if (withDefaultCommand(args)[0].equals("serve")) {
            Hangup.ignore();
        }
        widenCommonPool();
        Inputs process = new Inputs(List.of(), texts(System.getProperties()), System.getenv(),
            Optional.empty());
        Launcher launcher =
            (effective, live, guard) -> Server.launch(effective.config(), live, guard);
        System.exit(run(commandLine(process, launcher, args), args));
    }

    @Override
    public void run() {
        throw new IllegalStateException("without a command, serve was put in front");
    }

    /** The commands, over the given properties and environment. */
    static CommandLine commandLine(Inputs process, Launcher launcher) {
        return commandLine(all(process, launcher, "").values());
    }

    /** Those that {@code args} mean, if that is clear; making all of them takes longer. */
    private static CommandLine commandLine(Inputs process, Launcher launcher, String[] args) {
        String name = withDefaultCommand(args)[0];
        Map<String, Supplier<Object>> all =
            all(process, launcher, args.length > 1 ? args[1] : "");
        return commandLine(all.containsKey(name) && !ABOUT_ALL.contains(name)
            ? List.of(all.get(name)) : all.values());
    }

    private static CommandLine commandLine(Collection<Supplier<Object>> commands) {
        CommandLine main = new CommandLine(new Main());
        commands.forEach(each -> main.addSubcommand(each.get()));
        return main.setParameterExceptionHandler(Main::wrongUsage)
            .setExecutionExceptionHandler(Main::failed);
    }

    /** How to make each, by its name, in the order of the help. */
    private static Map<String, Supplier<Object>> all(
            Inputs process, Launcher launcher, String wanted) {
        OperatorCommands operator = new OperatorCommands(process.environment());
        Map<String, Supplier<Object>> all = new LinkedHashMap<>();
        all.put("serve", () -> new ServeCommand(process, launcher));
        all.putAll(operator.all(wanted));
        all.put("config", () -> new ConfigCommand(process));
        all.put("schema", () -> new SchemaCommand(process));
        all.put("doctor", () -> new DoctorCommand(process));
        all.put("archive", () -> new ArchiveCommand(process));
        all.put("audit", () -> new CommandLine(new AuditCommand(process))
            .addSubcommand("list", operator.auditList()));
        all.put("token", () -> new TokenCommand(process).commandLine());
        all.put("key", () -> new KeyCommand().commandLine());
        all.put("sbom", () -> new SbomCommand().commandLine());
        all.put("demo", DemoCommand::new);
        all.put("bench", () -> bench(process));
        all.put("prove", ProveCommand::new);
        all.put("completion", CompletionCommand::new);
        all.put("man", ManCommand::new);
        all.put("version", VersionCommand::new);
        all.put("help", HelpCommand::new);
        return all;
    }

    private static CommandLine bench(Inputs process) {
        return new CommandLine(new BenchCommand(ChildCoordinator.ofThisJar()))
            .addSubcommand(new CommandLine(new FailoverCommand(ChildCoordinator::serveFromThisJar,
                process.environment(), Version.text())).setCaseInsensitiveEnumValuesAllowed(true));
    }

    /** Runs a command in this thread and returns its exit code. */
    static int run(CommandLine commands, String... args) {
        return commands.execute(withDefaultCommand(args));
    }

    /** Options alone are those of {@code serve}. */
    private static String[] withDefaultCommand(String[] args) {
        boolean serves = args.length == 0
            || args[0].startsWith("-") && !OF_MAIN.contains(args[0]);
        if (!serves) {
            return args;
        }
        String[] all = new String[args.length + 1];
        all[0] = "serve";
        System.arraycopy(args, 0, all, 1, args.length);
        return all;
    }

    private static int wrongUsage(ParameterException wrong, String[] args) {
        PrintWriter err = wrong.getCommandLine().getErr();
        err.println("pactor: " + wrong.getMessage());
        UnmatchedArgumentException.printSuggestions(wrong, err);
        err.println("Try: " + wrong.getCommandLine().getCommandSpec().qualifiedName() + " --help");
        err.flush();
        return CommandLine.ExitCode.USAGE;
    }

    private static int failed(Exception thrown, CommandLine command, ParseResult parsed) {
        PrintWriter err = command.getErr();
        try {
            if (thrown instanceof BadConfiguration bad) {
                bad.problems().forEach(line -> err.println("pactor: " + line));
                return BAD_CONFIGURATION;
            }
            if (thrown instanceof Failure failure) {
                err.println("pactor: " + failure.getMessage());
                return failure.exitCode();
            }
            if (thrown instanceof StartFailure failure) {
                err.println("pactor: " + failure.getMessage());
            } else {
                err.println("pactor: " + thrown);
                Arrays.stream(thrown.getStackTrace())
                    .forEach(line -> err.println("    at " + line));
            }
            return CommandLine.ExitCode.SOFTWARE;
        } finally {
            err.flush();
        }
    }

    /**
     * On two processors the JDK gives the common pool one thread, and then every asynchronous step
     * of a CompletableFuture starts a thread of its own.
     */
    private static void widenCommonPool() {
        if (System.getProperty(COMMON_POOL) == null) {
            int processors = Runtime.getRuntime().availableProcessors();
            System.setProperty(COMMON_POOL, String.valueOf(Math.max(2, processors)));
        }
    }

    private static Map<String, String> texts(Properties properties) {
        Map<String, String> texts = new TreeMap<>();
        properties.stringPropertyNames()
            .forEach(name -> texts.put(name, properties.getProperty(name, "")));
        return texts;
    }

    /** For {@code --version}. */
    static final class Versions implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {"pactor " + Version.text()};
        }
    }

    /** {@code pactor version}. */
    @Command(name = "version", mixinStandardHelpOptions = true,
        versionProvider = Versions.class, description = "Shows the version.")
    static final class VersionCommand implements Runnable {

        @CommandLine.Spec
        private CommandLine.Model.CommandSpec spec;

        @Override
        public void run() {
            spec.commandLine().printVersionHelp(spec.commandLine().getOut());
        }
    }
}

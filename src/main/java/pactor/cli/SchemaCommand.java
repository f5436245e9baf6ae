package pactor.cli;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.LoggerFactory;
import pactor.settings.Effective;
import pactor.settings.Inputs;
import pactor.settings.StartFailure;
import pactor.settings.StoreConfig;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import store.Schema;
import store.StoreException;
import store.StoreSettings;

/** {@code pactor schema}: prints, checks or upgrades the tables that {@code serve} works with. */
@Command(name = "schema", mixinStandardHelpOptions = true,
    versionProvider = Main.Versions.class,
    description = "Prints, checks or upgrades the tables that serve works with.")
final class SchemaCommand implements Runnable {

    private final Inputs process;

    @Spec
    private CommandSpec spec;

    /** @param process the properties and the environment */
    SchemaCommand(Inputs process) {
        this.process = process;
    }

    @Override
    public void run() {
        throw new ParameterException(
            spec.commandLine(), "say schema print, schema check or schema apply");
    }

    @Command(name = "print", mixinStandardHelpOptions = true, description = {
        "Prints the script that makes the tables, for those who want to run it themselves."})
    int print(
            @Option(names = "--dialect", paramLabel = "DIALECT", description = {
                "h2, postgresql or mariadb (also for MySQL). Without it the one of the",
                "configured database."}) String dialect,
            @Option(names = "--from", paramLabel = "VERSION", defaultValue = "0", description = {
                "The version that is there; 0, the default, for none."}) int from,
            @Mixin ConfigOptions options) {
        String name = dialect != null ? dialect : Schema.dialectOf(store("print", options));
        if (!Schema.dialects().contains(name)) {
            throw new ParameterException(spec.subcommands().get("print"), "--dialect is one of "
                + String.join(", ", Schema.dialects()) + ", not " + name);
        }
        if (from < 0 || from > Schema.VERSION) {
            throw new ParameterException(spec.subcommands().get("print"),
                "--from is a version from 0 to " + Schema.VERSION + ", not " + from);
        }
        out("print").print(Schema.script(name, from));
        out("print").flush();
        return ExitCode.OK;
    }

    @Command(name = "check", mixinStandardHelpOptions = true, description = {
        "Says whether this release can work with the tables. Exit code 1 if not.",
        "Changes nothing."})
    int check(@Mixin ConfigOptions options) {
        StoreSettings store = store("check", options);
        Optional<String> wrong = told(() -> Schema.check(store));
        wrong.ifPresent(line -> {
            spec.subcommands().get("check").getErr().println("pactor: " + line);
            spec.subcommands().get("check").getErr().flush();
        });
        if (wrong.isEmpty()) {
            out("check").println("schema " + Schema.VERSION + " is there, as it should be");
            out("check").flush();
        }
        return wrong.isEmpty() ? ExitCode.OK : ExitCode.SOFTWARE;
    }

    @Command(name = "apply", mixinStandardHelpOptions = true, description = {
        "Makes the tables, or brings them up to this release. May be run again.",
        "Stop all nodes and make a backup before an upgrade."})
    int apply(@Mixin ConfigOptions options) {
        StoreSettings store = store("apply", options);
        out("apply").println(told(() -> Schema.apply(store)));
        out("apply").flush();
        return ExitCode.OK;
    }

    private StoreSettings store(String command, ConfigOptions options) {
        Effective effective = Effective.of(options.over(process));
        System.setProperty(Logging.PROPERTY, effective.settings().logLevel());
        PrintWriter err = spec.subcommands().get(command).getErr();
        effective.warnings().forEach(line -> err.println("warning: " + line));
        err.flush();
        StoreConfig store = effective.settings().store();
        Path directory = store.dataDir().toAbsolutePath().normalize();
        if (store.url().isEmpty() && !command.equals("print") && !Files.isDirectory(directory)) {
            throw new StartFailure("there is no data directory " + directory, null);
        }
        return store.withoutKeys();
    }

    private static <T> T told(Supplier<T> work) {
        try {
            return work.get();
        } catch (StoreException wrong) {
            LoggerFactory.getLogger(SchemaCommand.class).debug("the store", wrong);
            throw new StartFailure(wrong.getMessage(), wrong);
        }
    }

    private PrintWriter out(String command) {
        return spec.subcommands().get(command).getOut();
    }
}

package pactor.cli;

import java.io.PrintWriter;
import pactor.settings.Effective;
import pactor.settings.Inputs;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code pactor config}: shows or checks the configuration that {@code serve} would run with. */
@Command(name = "config", mixinStandardHelpOptions = true,
    versionProvider = Main.Versions.class,
    description = "Shows or checks the configuration that serve would run with.")
final class ConfigCommand implements Runnable {

    private final Inputs process;

    @Spec
    private CommandSpec spec;

    /** @param process the properties and the environment */
    ConfigCommand(Inputs process) {
        this.process = process;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say config print or config check");
    }

    @Command(name = "print", mixinStandardHelpOptions = true, description = {
        "Prints every key with its value and where that comes from. Secrets are masked."})
    int print(@Mixin ConfigOptions options) {
        Effective effective = read("print", options);
        effective.print().forEach(out("print")::println);
        out("print").flush();
        return 0;
    }

    @Command(name = "check", mixinStandardHelpOptions = true, description = {
        "Says whether the configuration can be used. Exit code 78 if not."})
    int check(@Mixin ConfigOptions options) {
        read("check", options);
        out("check").println("the configuration can be used");
        out("check").flush();
        return 0;
    }

    private Effective read(String command, ConfigOptions options) {
        Effective effective = Effective.of(options.over(process));
        PrintWriter err = spec.subcommands().get(command).getErr();
        effective.warnings().forEach(line -> err.println("warning: " + line));
        err.flush();
        return effective;
    }

    private PrintWriter out(String command) {
        return spec.subcommands().get(command).getOut();
    }
}

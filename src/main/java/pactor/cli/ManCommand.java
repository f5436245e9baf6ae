package pactor.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import pactor.settings.Version;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;
import picocli.CommandLine.Spec;

/** {@code pactor man}: the manual page, made from the commands themselves. */
@Command(name = "man", mixinStandardHelpOptions = true, versionProvider = Main.Versions.class,
    description = {
    "Prints the manual page.",
    "To read it: pactor man | man -l -    To install it: pactor man > .../man/man1/pactor.1"})
final class ManCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        CommandSpec root = spec.root();
        out.println(".TH PACTOR 1 \"\" \"" + escaped(Version.text()) + "\"");
        out.println(".SH NAME");
        out.println("pactor \\- a coordinator for transactions that span services");
        out.println(".SH SYNOPSIS");
        out.println(".B pactor");
        out.println("[\\fICOMMAND\\fR] [\\fIOPTION\\fR...]");
        out.println(".SH DESCRIPTION");
        Stream.of(root.usageMessage().description()).forEach(line -> out.println(text(line)));
        out.println(".PP");
        Stream.of(root.usageMessage().footer()).forEach(line -> out.println(text(line)));
        out.println(".SH COMMANDS");
        root.subcommands().values().forEach(each -> command(out, each));
        out.flush();
        return CommandLine.ExitCode.OK;
    }

    private static void command(PrintWriter out, CommandLine command) {
        CommandSpec spec = command.getCommandSpec();
        if (spec.usageMessage().hidden()) {
            return;
        }
        out.println(".SS " + escaped(spec.qualifiedName() + Stream.concat(
                spec.subcommands().isEmpty() ? Stream.empty() : Stream.of("COMMAND"),
                spec.positionalParameters().stream().map(ManCommand::label))
            .reduce("", (all, each) -> all + " " + each)));
        Stream.of(spec.usageMessage().description()).forEach(line -> out.println(text(line)));
        for (PositionalParamSpec each : spec.positionalParameters()) {
            entry(out, each.paramLabel(), each.description());
        }
        for (OptionSpec each : spec.options()) {
            boolean isSaid = each.hidden() || each.usageHelp() || each.versionHelp();
            if (!isSaid) {
                entry(out, String.join(", ", each.names())
                    + (each.arity().max() == 0 ? "" : " " + each.paramLabel()),
                    each.description());
            }
        }
        spec.subcommands().values().forEach(each -> command(out, each));
    }

    private static String label(PositionalParamSpec parameter) {
        return parameter.arity().min() == 0 ? "[" + parameter.paramLabel() + "]"
            : parameter.paramLabel() + (parameter.arity().max() > 1 ? "..." : "");
    }

    private static void entry(PrintWriter out, String name, String[] description) {
        out.println(".TP");
        out.println("\\fB" + escaped(name) + "\\fR");
        List.of(description).forEach(line -> out.println(text(line)));
    }

    /** A line of prose; picocli's marks are gone, and none is taken for a request of roff. */
    private static String text(String line) {
        String escaped = escaped(Ansi.OFF.string(line));
        return escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped;
    }

    private static String escaped(String text) {
        return text.replace("\\", "\\e").replace("-", "\\-");
    }
}

package pactor.cli.operator;

import java.util.Map;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What the commands about contexts have: where the file is, and where they print. */
final class ContextOptions {

    private final Map<String, String> environment;
    private final Terminal terminal;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Shows this.")
    private boolean help;

    ContextOptions(Map<String, String> environment, Terminal terminal) {
        this.environment = environment;
        this.terminal = terminal;
    }

    Contexts contexts() {
        return Contexts.read(environment);
    }

    /** The context that the environment names; empty if it does not. */
    String name() {
        return environment.getOrDefault(Contexts.NAME, "");
    }

    void lines(Table table) {
        table.lines(terminal.width(), terminal.isColoured())
            .forEach(spec.commandLine().getOut()::println);
        spec.commandLine().getOut().flush();
    }

    void note(String line) {
        spec.commandLine().getErr().println(line);
        spec.commandLine().getErr().flush();
    }
}

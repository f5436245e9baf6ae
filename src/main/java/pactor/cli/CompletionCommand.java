package pactor.cli;

import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code pactor completion}: has a shell complete commands and options. */
@Command(name = "completion", mixinStandardHelpOptions = true,
    versionProvider = Main.Versions.class, description = {
    "Prints a script by which bash or zsh completes commands.",
    "For the running shell: source <(pactor completion bash)"})
final class CompletionCommand implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "SHELL", description = "bash or zsh.")
    private String shell;

    @Override
    public Integer call() {
        if (!shell.equals("bash") && !shell.equals("zsh")) {
            throw new ParameterException(
                spec.commandLine(), "there is none for " + shell + "; say bash or zsh");
        }
        PrintWriter out = spec.commandLine().getOut();
        if (shell.equals("zsh")) {
            out.println("autoload -U +X compinit && compinit");
        }
        // What it prints loads what zsh needs to read it.
        out.println(AutoComplete.bash(spec.root().name(), spec.root().commandLine()));
        out.flush();
        return CommandLine.ExitCode.OK;
    }
}

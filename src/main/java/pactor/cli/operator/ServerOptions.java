package pactor.cli.operator;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tls.TlsFiles;

/** The options that each of these commands has: whom to ask, and how to show the answer. */
final class ServerOptions {

    private final Map<String, String> environment;
    private final Terminal terminal;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(names = "--server", paramLabel = "URL", order = 90, description =
        "The server: any node of a cluster. By default the context's, or http://127.0.0.1:8080.")
    private String server;

    @Option(names = "--context", paramLabel = "NAME", order = 91,
        description = "The context of the file of contexts. By default PACTOR_CONTEXT.")
    private String context;

    @Option(names = "--token-file", paramLabel = "FILE", order = 92,
        description = "Holds the caller's token.")
    private Path tokenFile;

    @Option(names = "--ca", paramLabel = "FILE", order = 93,
        description = "The authorities that vouch for the server (PEM).")
    private Path ca;

    @Option(names = "--certificate", paramLabel = "FILE", order = 94,
        description = "The caller's certificate (PEM).")
    private Path certificate;

    @Option(names = "--key", paramLabel = "FILE", order = 95,
        description = "The key of the caller's certificate (PEM).")
    private Path key;

    @Option(names = "--json", order = 96, description = "Prints the server's answer as it is.")
    private boolean json;

    @Option(names = {"-h", "--help"}, usageHelp = true, order = 97, description = "Shows this.")
    private boolean help;

    ServerOptions(Map<String, String> environment, Terminal terminal) {
        this.environment = environment;
        this.terminal = terminal;
    }

    boolean isJson() {
        return json;
    }

    Terminal terminal() {
        return terminal;
    }

    PrintWriter out() {
        return spec.commandLine().getOut();
    }

    PrintWriter err() {
        return spec.commandLine().getErr();
    }

    ParameterException wrongUsage(String why) {
        return new ParameterException(spec.commandLine(), why);
    }

    Contexts contexts() {
        return Contexts.read(environment);
    }

    /** The server to ask, with what the options say over what the context says. */
    Api api() {
        String name = context != null ? context
            : environment.getOrDefault(Contexts.NAME, "");
        Optional<CliContext> found = contexts().find(name);
        // What is shown to one server is not shown to another that an option names alone.
        Optional<CliContext> kept = server == null || context != null ? found
            : found.filter(each -> each.server().equals(address(server)));
        TlsFiles tls = kept.map(CliContext::tls).orElse(TlsFiles.NONE);
        if ((certificate == null) != (key == null)) {
            throw wrongUsage("--certificate and --key belong together");
        }
        return new Api(new CliContext(name,
            server != null ? address(server)
                : found.map(CliContext::server).orElse(CliContext.HERE),
            Optional.ofNullable(tokenFile).or(() -> kept.flatMap(CliContext::tokenFile)),
            new TlsFiles(Optional.ofNullable(certificate).or(tls::certificate),
                Optional.ofNullable(key).or(tls::key),
                Optional.ofNullable(ca).or(tls::authorities))));
    }

    private URI address(String text) {
        try {
            return CliContext.address(text);
        } catch (IllegalArgumentException wrong) {
            throw wrongUsage(wrong.getMessage());
        }
    }

    /** The answer in the form of JSON; whoever sends something else is no server of ours. */
    Json read(String body) {
        try {
            return Json.parse(body);
        } catch (IOException other) {
            throw new Failure(Failure.REFUSED,
                "the answer is no JSON; is this the address of a Pactor server?");
        }
    }

    /** Prints the answer as it is. */
    void raw(String body) {
        out().println(body.strip());
        out().flush();
    }

    void lines(List<String> lines) {
        lines.forEach(out()::println);
        out().flush();
    }

    void table(Table table) {
        lines(table.lines(terminal.width(), terminal.isColoured()));
    }

    /**
     * Has a person confirm what cannot be taken back.
     *
     * @param isYes whether that was done on the command line
     * @return whether to go on
     * @throws ParameterException if there is nobody to ask
     */
    boolean confirmed(boolean isYes, String question) {
        if (isYes) {
            return true;
        }
        if (!terminal.isThere()) {
            throw wrongUsage("nobody can be asked here: say --yes to do it");
        }
        String answer = terminal.ask(question + " [y/N] ", err());
        boolean isDone = answer.equalsIgnoreCase("y") || answer.equalsIgnoreCase("yes");
        if (!isDone) {
            err().println("nothing was done");
            err().flush();
        }
        return isDone;
    }
}

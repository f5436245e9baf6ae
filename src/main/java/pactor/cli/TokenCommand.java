package pactor.cli;

import audit.Act;
import audit.AuditLog;
import audit.Who;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import meter.Meter;
import pactor.AuditTrail;
import pactor.settings.Effective;
import pactor.settings.Inputs;
import pactor.settings.Settings;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import security.Identities;
import security.Token;
import store.Database;

/** {@code pactor token}: makes tokens, and the lines by which the server knows them. */
@Command(name = "token", mixinStandardHelpOptions = true, versionProvider = Main.Versions.class,
    description = "Makes tokens for callers.")
final class TokenCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    private final Inputs process;

    TokenCommand(Inputs process) {
        this.process = process;
    }

    /** With its own commands. */
    CommandLine commandLine() {
        return new CommandLine(this).addSubcommand(new Create())
            .addSubcommand(new ResetAdmin(process));
    }

    @Override
    public void run() {
        throw new ParameterException(
            spec.commandLine(), "say token create or token reset-admin");
    }

    /** {@code pactor token create}. */
    @Command(name = "create", mixinStandardHelpOptions = true,
        versionProvider = Main.Versions.class, description = {
        "Makes a token, and the line for pactor.security.identities-file.",
        "The token is shown once and kept nowhere."})
    static final class Create implements Callable<Integer> {

        /** Of a token that was made elsewhere: 128 random bits as letters and digits. */
        static final int CHARS_MIN = 22;

        @Spec
        private CommandSpec spec;

        @Parameters(index = "0", paramLabel = "NAME", description = "Who will have it.")
        private String name;

        @Parameters(index = "1", paramLabel = "ROLE", description = {
            "admin, operator, viewer, metrics or client. After client and viewer may stand the",
            "gids that they see, and the modes: client:orders-*,stock-*:saga,tcc"})
        private String role;

        @Option(names = "--stdin", description = {
            "Reads the token from standard input instead of making one."})
        private boolean fromInput;

        @Override
        public Integer call() throws IOException {
            String token = fromInput ? read() : Token.make();
            String line = name + " " + role + " sha256:"
                + HexFormat.of().formatHex(Token.hash(token));
            try {
                Identities.of(List.of(line));
            } catch (IllegalArgumentException wrong) {
                throw new ParameterException(spec.commandLine(),
                    wrong.getMessage().replaceFirst("^line 1: ", ""));
            }
            PrintWriter out = spec.commandLine().getOut();
            if (!fromInput) {
                out.println("token: " + token);
                out.println("line for pactor.security.identities-file:");
            }
            out.println(line);
            out.flush();
            return CommandLine.ExitCode.OK;
        }

        private String read() throws IOException {
            String token = new BufferedReader(
                new InputStreamReader(System.in, StandardCharsets.UTF_8)).readLine();
            if (token == null || token.isBlank()) {
                throw new ParameterException(
                    spec.commandLine(), "there is no token on standard input");
            }
            if (token.strip().length() < CHARS_MIN) {
                throw new ParameterException(spec.commandLine(), "the token has fewer than "
                    + CHARS_MIN + " characters and could be guessed");
            }
            return token.strip();
        }
    }

    /** {@code pactor token reset-admin}: for when the administrator's token is lost, or known. */
    @Command(name = "reset-admin", mixinStandardHelpOptions = true,
        versionProvider = Main.Versions.class, description = {
        "Replaces the token of the administrator, and shows the new one.",
        "It finds the store as serve does. With the embedded one, stop the server first."})
    static final class ResetAdmin implements Callable<Integer> {

        private final Inputs process;

        @Spec
        private CommandSpec spec;

        @Mixin
        private ConfigOptions options;

        ResetAdmin(Inputs process) {
            this.process = process;
        }

        @Override
        public Integer call() {
            Settings settings = Effective.of(options.over(process)).settings();
            System.setProperty(Logging.PROPERTY, "warn");
            String token = Token.make();
            try (Database database =
                    Database.open(settings.store().withoutKeys(), Meter.create())) {
                AuditLog log = AuditTrail.log(settings, database);
                Act intent =
                    Act.intent(Who.system(), "token reset-admin", "the administrator", "");
                long number = AuditTrail.write(log, intent);
                database.replaceAdminTokenHash(Token.hash(token)).toCompletableFuture().join();
                // Shown before anything else can fail: the former one does not count any more.
                PrintWriter out = spec.commandLine().getOut();
                out.println("token: " + token);
                out.flush();
                AuditTrail.write(log, intent.result(number, "", "done"));
            }
            return CommandLine.ExitCode.OK;
        }
    }
}

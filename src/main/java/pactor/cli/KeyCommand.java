package pactor.cli;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import signature.SigningKey;
import signature.SigningKeys;
import store.PrivateFiles;

/** {@code pactor key}: makes and shows the keys that sign calls to participants. */
@Command(name = "key", mixinStandardHelpOptions = true, versionProvider = Main.Versions.class,
    description = "Makes and shows the keys that sign calls to participants.")
final class KeyCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    /** With its own commands. */
    CommandLine commandLine() {
        return new CommandLine(this).addSubcommand(new Create()).addSubcommand(new Show());
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "say key create or key show");
    }

    /** {@code pactor key create}. */
    @Command(name = "create", mixinStandardHelpOptions = true,
        versionProvider = Main.Versions.class, description = {
        "Makes a key of Ed25519, and adds it to a file for pactor.calls.signing.key-file.",
        "The file is made, readable by its owner alone, if it is missing."})
    static final class Create implements Callable<Integer> {

        @Spec
        private CommandSpec spec;

        @Parameters(index = "0", paramLabel = "FILE", description = "The file of the keys.")
        private Path file;

        @Override
        public Integer call() throws IOException {
            String before = Files.exists(file)
                ? Files.readString(file, StandardCharsets.UTF_8) : "";
            SigningKey key = SigningKey.make();
            String all = before.isEmpty() || before.endsWith("\n") ? before + key.pem()
                : before + "\n" + key.pem();
            read(spec, file, all.lines().toList());
            PrivateFiles.write(file, all);
            PrintWriter out = spec.commandLine().getOut();
            out.println("key: " + key.id());
            out.flush();
            return CommandLine.ExitCode.OK;
        }
    }

    /** {@code pactor key show}. */
    @Command(name = "show", mixinStandardHelpOptions = true,
        versionProvider = Main.Versions.class, description = {
        "Shows the public parts of a file's keys as a set of JSON Web Keys, which is no secret.",
        "The last one is the newest."})
    static final class Show implements Callable<Integer> {

        @Spec
        private CommandSpec spec;

        @Parameters(index = "0", paramLabel = "FILE", description = "The file of the keys.")
        private Path file;

        @Override
        public Integer call() throws IOException {
            SigningKeys keys = read(spec, file, Files.readAllLines(file));
            PrintWriter out = spec.commandLine().getOut();
            out.println(new String(keys.published(), StandardCharsets.US_ASCII));
            out.flush();
            return CommandLine.ExitCode.OK;
        }
    }

    private static SigningKeys read(CommandSpec spec, Path file, List<String> lines) {
        try {
            return SigningKeys.of(lines);
        } catch (IllegalArgumentException wrong) {
            throw new ParameterException(spec.commandLine(), file + ": " + wrong.getMessage());
        }
    }
}

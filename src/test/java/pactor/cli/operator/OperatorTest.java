package pactor.cli.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** Runs the commands in this process, on a server in memory. */
abstract class OperatorTest {

    @TempDir
    protected Path dir;

    protected final Map<String, String> environment = new LinkedHashMap<>();
    protected final TestTerminal terminal = new TestTerminal();
    protected MemoryServer server;

    @BeforeEach
    void start() throws IOException {
        server = new MemoryServer();
        environment.put("HOME", dir.toString());
    }

    @AfterEach
    void stop() {
        server.close();
    }

    /** What came of a command. */
    protected record Ran(int code, String out, String err) {

        Ran exits(int expected) {
            assertEquals(expected, code, this::toString);
            return this;
        }

        Ran says(String... parts) {
            for (String each : parts) {
                assertTrue((out + err).contains(each), () -> each + " in: " + this);
            }
            return this;
        }

        List<String> lines() {
            return out.lines().toList();
        }
    }

    /** With the server's address. */
    protected Ran run(String... words) {
        String[] all = new String[words.length + 2];
        System.arraycopy(words, 0, all, 0, words.length);
        all[words.length] = "--server";
        all[words.length + 1] = server.address();
        return runAsItIs(all);
    }

    /** With these words alone. */
    protected Ran runAsItIs(String... words) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine main = new CommandLine(CommandLine.Model.CommandSpec.create().name("pactor"));
        new OperatorCommands(environment, terminal).all("")
            .forEach((name, command) -> main.addSubcommand(name, command.get()));
        main.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
        main.setExecutionExceptionHandler((thrown, command, parsed) -> {
            if (thrown instanceof Failure failure) {
                command.getErr().println("pactor: " + failure.getMessage());
                return failure.exitCode();
            }
            throw thrown;
        });
        int code = main.execute(words);
        return new Ran(code, out.toString(), err.toString());
    }
}

package pactor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import pactor.settings.Inputs;

/** The operator's commands among all the others. */
class OperatorMainTest {

    @ParameterizedTest(name = "[{0}] exits with {1} and says: {2}")
    @CsvSource(delimiter = '|', ignoreLeadingAndTrailingWhitespace = true, textBlock = """
        tx                | 2  | say tx list
        tx list --limit   | 2  | Missing required parameter
        tx list --server x | 2  | a server is an address
        tx show g --server http://127.0.0.1:1 | 69 | pactor: http://127.0.0.1:1 cannot be reached
        bulk start        | 2  | Missing required parameter: 'ACTION'
        man               | 0  | .SS pactor bulk start ACTION
        --help            | 0  | Shows transactions, and does things to them.
        man               | 0  | .SS pactor tx show GID
        completion bash   | 0  | complete -F _complete_pactor
        completion zsh    | 0  | autoload -U +X compinit
        completion fish   | 2  | say bash or zsh
        """)
    void theExitCodeTellsWhatHappened(String args, int code, String says) {
        StringWriter said = new StringWriter();
        PrintWriter out = new PrintWriter(said, true);
        Inputs process = new Inputs(List.of(), Map.of(), Map.of("HOME", "/"), Optional.empty());
        assertEquals(code, Main.run(
            Main.commandLine(process, null).setOut(out).setErr(out), args.split(" ")));
        assertTrue(said.toString().contains(says), said::toString);
    }
}

package bench.failover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

/** Each bound of the command line, at both ends, and what is given without a word. */
class FailoverOptionsTest {

    private static FailoverOptions parsed(String... arguments) {
        var options = new FailoverOptions();
        new CommandLine(CommandLine.Model.CommandSpec.create().addMixin(
            "options", CommandLine.Model.CommandSpec.forAnnotatedObject(options)))
            .setCaseInsensitiveEnumValuesAllowed(true).parseArgs(arguments);
        return options;
    }

    private static Scenario scenario(String line) {
        return parsed(line.isBlank() ? new String[0] : line.split(" ")).scenario();
    }

    @Test
    void withoutAWordTheYoungestOfThreeIsKilledBesideClients() {
        Scenario scenario = scenario("");

        assertEquals(Fault.KILL, scenario.event());
        assertEquals(Scenario.Victim.YOUNGEST, scenario.victim());
        assertEquals(3, scenario.nodes());
        assertEquals(FailoverOptions.CLIENTS_DEFAULT, scenario.load().clients());
        assertEquals(Duration.ofSeconds(30), scenario.times().warmup());
        assertEquals("kill -9 of the youngest of 3 nodes, 32 clients", scenario.title());
    }

    @ParameterizedTest(name = "{0}: {1} and {2} are taken, {3} and {4} are not")
    @CsvSource({
        "--nodes, 2, 9, 1, 10",
        "--event none --nodes, 1, 9, 0, 10",
        "--clients, 0, 1024, -1, 1025",
        "--rate, 0, 5000, -1, 5001",
        "--waiting, 0, 50000, -1, 50001",
        "--retry-interval, 1s, 15s, 0s, 16s",
        "--warmup, 0s, 30m, 0s0, 31m",
        "--rest, 0s, 90s, s, 91s",
        "--observe, 1s, 30m, 999ms, 31m",
        "--repeat-after, 10ms, 30m, 9ms, 31m",
        "--patience, 1s, 30m, 999ms, 31m",
    })
    void eachBoundHoldsAtBothEnds(
            String option, String least, String most, String less, String more) {
        scenario(option + " " + least);
        scenario(option + " " + most);
        for (String wrong : List.of(less, more)) {
            assertThrows(Exception.class, () -> scenario(option + " " + wrong), wrong);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        --clients 1 --rate 1 | two kinds of load
        --event start --clients 1 | is without clients
        --event start --rate 1 | is without clients
        --event none --waiting 1 | needs --event kill or stop
        --event database | needs --database-stop and --database-start
        --event database --database-stop x | needs --database-stop and --database-start
        --database-start x | need --event database
        --retry-interval 1500ms | whole seconds
        --json /no/such/directory/file | not a file in a directory
        --picture / | not a file in a directory
        """)
    void whatMakesNoSenseIsRefusedWithTheReason(String line, String reason) {
        var refused = assertThrows(IllegalArgumentException.class, () -> scenario(line));
        assertTrue(refused.getMessage().contains(reason), refused.getMessage());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        --event stop --victim oldest | SIGTERM to the oldest of 3 nodes, 32 clients
        --rate 200 | kill -9 of the youngest of 3 nodes, 200 sagas/s whoever waits
        --event start | 3 nodes started at once
        --event none --nodes 1 --clients 4 | 1 node, nothing happens, 4 clients
        --waiting 7 --nodes 2 | kill -9 of the youngest of 2 nodes, 7 transactions that wait there
        """)
    void theTitleTellsWhatHappens(String line, String title) {
        assertEquals(title, scenario(line).title());
    }

    @Test
    void withoutADatabaseNothingIsStarted() {
        var err = new StringWriter();
        int exit = new CommandLine(new FailoverCommand(() -> {
            throw new AssertionError("started");
        }, Map.of(), "dev")).setCaseInsensitiveEnumValuesAllowed(true)
            .setErr(new PrintWriter(err)).execute();

        assertEquals(2, exit);
        assertTrue(err.toString().contains("give --store-url, or set PACTOR_STORE_JDBC_URL"),
            err.toString());
    }
}

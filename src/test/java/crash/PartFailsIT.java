package crash;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import database.Databases;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * A part of a running server meets an Error. The server ends in order, with exit code 1 and a last
 * line that says which part and why, and the next start goes on with what was acknowledged.
 */
class PartFailsIT {

    private static final String FIRST = "acknowledged";
    private static final String FATAL = "fatal";

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource(delimiter = '|', textBlock = """
        CP-journal-before-commit | memory | the thread pactor-journal-writer has failed: \
        java.lang.OutOfMemoryError: as told
        CP-journal-after-commit  | class  | the thread pactor-journal-writer has failed: \
        java.lang.NoClassDefFoundError: as/Told
        CP-00                    | class  | a transaction has failed: \
        java.lang.NoClassDefFoundError: as/Told
        CP-03                    | memory | a transaction has failed: \
        java.lang.OutOfMemoryError: as told
        """)
    void theServerEndsInOrderAndSaysWhy(String point, String error, String says,
            @TempDir Path home) throws Exception {
        Databases.choose(Databases.H2, home.resolve("data"));
        Child.Setup failing = Child.Setup.lean().at(new Child.Place(List.of(), "127.0.0.1",
            Map.of(HaltingFailpoints.THROW_VARIABLE, point + "@" + FATAL + "@" + error)));
        try (BankParticipants bank = new BankParticipants(2); Child child = Child.in(home)) {
            Wire wire = new Wire(child::uri);
            child.launch("", failing);
            child.awaitServing();
            assertTrue(wire.tell("submit", saga(bank, FIRST)).isAck());
            submit(wire, bank);

            assertEquals(1, child.awaitDeath(Duration.ofSeconds(40)), child::story);
            List<String> lines = child.printed().strip().lines().toList();
            assertEquals("pactor: " + says, lines.get(lines.size() - 1), child::story);

            child.serving();
            for (String gid : List.of(FIRST, FATAL)) {
                assertTrue(wire.tell("submit", saga(bank, gid)).isAck()
                    || wire.status(gid).equals(Told.SUCCEED), gid);
                Awaitility.await(gid).atMost(Duration.ofSeconds(30)).ignoreExceptions()
                    .until(() -> wire.status(gid).equals(Told.SUCCEED));
            }
        }
    }

    /** The answer, if there is one, depends on how far it came. */
    private static void submit(Wire wire, BankParticipants bank) throws InterruptedException {
        try {
            int status = wire.post("submit", saga(bank, FATAL).toString()).statusCode();
            assertTrue(status == 200 || status == 503, "status " + status);
        } catch (IOException cutOff) {
            // The process was gone before it could answer.
        }
    }

    private static ObjectNode saga(BankParticipants bank, String gid) {
        return Crowd.saga(gid, 1, bank.url("/receipt"));
    }
}

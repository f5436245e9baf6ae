package docs;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.pactor.client.Outcome;
import io.pactor.test.ScriptedParticipant;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InsidePageTest {

    @TempDir
    private Path dir;

    /** The second time it is the same saga, which the file has kept. */
    @Test
    void a_saga_runs_inside_an_application_and_is_known_after_the_next_start() {
        try (ScriptedParticipant stock = ScriptedParticipant.start()) {
            for (int time = 0; time < 2; time++) {
                assertEquals(new Outcome.Succeeded("order-7"), InsidePage.run(dir, stock.url("")));
            }
            assertEquals(1, stock.calls().size());
        }
    }
}

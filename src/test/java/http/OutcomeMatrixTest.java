package http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import transaction.GlobalTransaction;
import transaction.Outcome;

/** The {@link OutcomeMatrix} over the rules in memory: nothing but the cell's request happens. */
class OutcomeMatrixTest {

    private static Wire wire;
    private static OutcomeMatrix matrix;

    @BeforeAll
    static void start() {
        wire = Wire.start()
            .participant("http://p/busy", Outcome.ongoing("at work"))
            .participant("http://p/no", Outcome.failure("no funds"));
        matrix = new OutcomeMatrix(new HttpDoor(wire.client), "http://p/");
    }

    @AfterAll
    static void stop() {
        wire.close();
    }

    static Stream<OutcomeMatrix.Cell> cells() {
        return OutcomeMatrix.cells();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cells")
    void aRequestMovesTheTransactionOrIsRefused(OutcomeMatrix.Cell cell) {
        matrix.bring(cell);
        GlobalTransaction before = wire.coordinator.state(matrix.gid(cell));
        assertEquals(cell.state(), shown(matrix.gid(cell)), "the test's own preparation");

        matrix.ask(cell);

        assertEquals(cell.becomes(), shown(matrix.gid(cell)));
        if (cell.status() >= 400) {
            assertEquals(before, wire.coordinator.state(matrix.gid(cell)), "nothing was changed");
        }
    }

    private static String shown(String gid) {
        GlobalTransaction state = wire.coordinator.state(gid);
        return state.isAbsent() ? "none" : state.status().wire();
    }
}

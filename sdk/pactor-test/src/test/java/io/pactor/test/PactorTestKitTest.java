package io.pactor.test;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pactor.test.Warehouse.Memory;
import java.util.List;
import org.junit.jupiter.api.Test;

class PactorTestKitTest {

    private static final List<String> KILLS =
        List.of("killed-after-action", "killed-then-undo", "killed-after-undo");

    @Test
    void a_participant_behind_its_barrier_passes_and_survives_its_kills() {
        try (Warehouse warehouse = new Warehouse(Memory.IN_THE_DATABASE)) {
            PactorTestKit.Result result =
                PactorTestKit.prove(proof(warehouse).restart(warehouse::restart));

            assertTrue(result.checks().containsAll(KILLS), result.text());
            assertTrue(result.checks().contains("late-action"), result.text());
        }
    }

    @Test
    void one_without_a_barrier_fails_in_words_that_say_how_to_see_it_again() {
        try (Warehouse warehouse = new Warehouse(Memory.NOWHERE)) {
            AssertionError failed =
                assertThrows(AssertionError.class, () -> PactorTestKit.prove(proof(warehouse)));

            assertTrue(failed.getMessage().contains("✗ late-action"), failed.getMessage());
            assertTrue(failed.getMessage().contains("curl"), failed.getMessage());
        }
    }

    @Test
    void one_that_remembers_in_its_process_alone_is_found_by_its_restart_and_nothing_else() {
        try (Warehouse warehouse = new Warehouse(Memory.IN_THE_PROCESS)) {
            PactorTestKit.prove(proof(warehouse));
            AssertionError failed = assertThrows(AssertionError.class,
                () -> PactorTestKit.prove(proof(warehouse).restart(warehouse::restart)));

            assertTrue(failed.getMessage().contains("✗ killed-after-action"), failed.getMessage());
            assertEquals(0, failed.getMessage().lines()
                .filter(line -> line.startsWith("✗ ") && !line.startsWith("✗ killed-")).count(),
                failed.getMessage());
        }
    }

    private static Proof proof(Warehouse warehouse) {
        return Proof.ofSaga(warehouse.url("/take"), warehouse.url("/give-back"))
            .payload("7").refusedPayload("2000").state(warehouse.url("/stock")).runs(4);
    }
}

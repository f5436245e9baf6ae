package simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Many random schedules under the oracle. {@code -Dsimulation.schedules} and
 * {@code -Dsimulation.seed} scale and move it; a failure prints its seed and its story.
 */
class SimulationTest {

    private static final int SCHEDULES = Integer.getInteger("simulation.schedules", 50_000);
    private static final long SEED = Long.getLong("simulation.seed", 1);

    /** Within so many schedules each planted bug must be found. */
    private static final int TEETH_WITHIN = 3_000;

    private static final int EXERCISED = 100;

    @Test
    void noInvariantBreaksInAnySchedule() {
        Tally tally = new Tally();
        for (int i = 0; i < SCHEDULES; i++) {
            Schedules.run(SEED + i, tally);
        }

        System.out.println(tally);
        assertEquals(List.of(), tally.testedLessThan(EXERCISED),
            "INVALID: hardly tested, so nothing is shown about them");
        assertTrue(tally.faults() > tally.schedules(), "INVALID: too few faults");
    }

    @ParameterizedTest(name = "{0}")
    @EnumSource(value = Tooth.class, mode = EnumSource.Mode.EXCLUDE, names = "NONE")
    void eachPlantedBugIsFound(Tooth tooth) {
        Schedules.Finding found = Schedules.find(tooth, SEED, TEETH_WITHIN);

        assertNotNull(found, tooth.text + " was not found in " + TEETH_WITHIN + " schedules");
        System.out.printf("%-24s found by %-24s in %,5d schedules%n",
            tooth, found.what(), found.schedules());
    }
}

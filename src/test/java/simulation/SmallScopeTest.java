package simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Every schedule of the small scope. The numbers are committed: a smaller one means that some are
 * not visited any more, a larger one that there are new ways to go; either wants an explanation.
 *
 * <p>With one fault a schedule has a crash or a failed write, with two it may have both.
 * {@code -Dsimulation.faults=2} asks for two everywhere, which takes minutes.
 */
class SmallScopeTest {

    private static final int FAULTS = Integer.getInteger("simulation.faults", 0);

    @ParameterizedTest(name = "{2} schedules of: {1}")
    @CsvSource(delimiter = '|', textBlock = """
        2 | submit saga steps=1                                                    | 2564
        2 | submit saga steps=2                                                    | 145016
        1 | submit saga steps=2 timeout=15                                         | 7040
        1 | submit saga steps=2 limit=1                                            | 13487
        1 | submit saga steps=2 concurrent                                         | 167824
        1 | submit saga steps=2 after=2:1                                          | 15005
        2 | submit saga steps=2 noundo                                             | 4268
        1 | prepare saga steps=2, submit saga steps=2                              | 16313
        2 | prepare tcc, submit tcc                                                | 19
        2 | prepare tcc, join tcc 01, try 01, submit tcc                           | 474
        2 | prepare tcc, join tcc 01, try 01, join tcc 02, try 02, submit tcc      | 5644
        2 | prepare tcc, join tcc 01, try 01, join tcc 02, try 02, abort tcc "no"  | 5644
        2 | prepare tcc, join tcc 01, join tcc 02, late try 02, abort tcc "no"     | 5644
        2 | prepare tcc, join tcc 01, try 01, join tcc 02, late try 02             | 5569
        2 | prepare xa, open 01, join xa 01, close 01                              | 459
        2 | prepare xa, open 01, join xa 01, close 01, \
                open 02, join xa 02, close 02, submit xa                           | 5644
        2 | prepare xa, open 01, join xa 01, close 01, \
                open 02, join xa 02, close 02, abort xa "no"                       | 5644
        2 | commit, submit msg steps=2                                             | 2719
        2 | commit, submit msg steps=2 atonce                                      | 9498
        2 | commit, submit msg steps=2 delay=5                                     | 2929
        2 | prepare msg steps=2, commit, submit msg steps=2                        | 3594
        2 | prepare msg steps=2, commit                                            | 26560
        2 | prepare msg steps=2, rollback, abort msg "no"                          | 19
        2 | prepare msg steps=2, rollback                                          | 250
        2 | prepareWorkflow                                                        | 374
        2 | prepareWorkflow, join workflow 01 action succeed "one"                 | 521
        2 | prepareWorkflow, join workflow 01 action succeed "one", \
                join workflow 02 action succeed "two", finish succeed "done"       | 53
        2 | prepareWorkflow, join workflow 01 action failed "no", finish failed "no" | 34
        """)
    void eachScheduleKeepsTheInvariants(int faults, String script, long schedules) {
        List<String> lines = List.of(script.split(", *"));
        Tally tally = new Tally();
        Choices choices = new Choices();
        do {
            try {
                new SmallScope(choices, FAULTS > 0 ? FAULTS : faults, Tooth.NONE, tally)
                    .run(lines);
            } catch (RuntimeException wrong) {
                throw new AssertionError(script + " " + choices + ": " + wrong, wrong);
            }
        } while (choices.next());

        System.out.printf("%,12d schedules of: %s%n", tally.schedules(), script);
        if (FAULTS == 0) {
            assertEquals(schedules, tally.schedules());
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
        SKIP_THE_FAILED        | submit saga steps=2
        UNDO_FORWARD           | submit saga steps=2
        UNKNOWN_IS_FAILURE     | submit saga steps=2
        ACT_WHILE_ABORTING     | submit saga steps=2
        ORDERS_FORGOTTEN       | submit saga steps=2 after=2:1
        REFUSED_CONFIRM_ABORTS | prepare tcc, join tcc 01, try 01, submit tcc
        CONFIRM_FORWARD        | prepare tcc, join tcc 01, join tcc 02, submit tcc
        SILENCE_IS_NO          | prepare msg steps=2, commit
        MESSAGE_ORDER          | commit, submit msg steps=2
        """)
    void aPlantedBugIsFoundHereToo(Tooth tooth, String script) {
        Choices choices = new Choices();
        assertThrows(Tally.Violation.class, () -> {
            do {
                new SmallScope(choices, 1, tooth, new Tally()).run(List.of(script.split(", *")));
            } while (choices.next());
        });
    }
}

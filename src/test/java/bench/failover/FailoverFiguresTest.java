package bench.failover;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import bench.failover.Chronicle.Kind;
import bench.failover.Chronicle.Mark;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailoverFiguresTest {

    private static final double NEAR = 1e-6;

    @Test
    void silenceIsTheLongestTimeWithoutAnAnswerAfterTheEvent() {
        Played played = new Played(Fault.KILL, 3, 4, 0)
            .answer(-3, -2, 0, Kind.OK) // What was silent before is not asked for.
            .answer(0.1, 0.5, 0, Kind.OK)
            .answer(0.6, 0.9, 1, Kind.NONE)
            .answer(1.1, 1.2, 1, Kind.REFUSED)
            .answer(1.3, 9.9, 0, Kind.OK);
        for (double at = 1.3; at < 9.8; at += 0.1) {
            played.answer(at, at, 1, Kind.OK);
        }
        FailoverFigures figures = played.figures();

        assertEquals(0.7, figures.value("longest silence"), NEAR);
        assertEquals(8.6, figures.value("slowest answer"), NEAR);
        assertEquals(1, figures.value("answers: ask again"));
        assertEquals(1, figures.value("answers: none (refused or broken connection)"));
    }

    @Test
    void whoIsSilentUntilTheEndIsSilent() {
        assertEquals(9, new Played(Fault.KILL, 3, 4, 0).answer(0, 1, 0, Kind.OK)
            .figures().value("longest silence"), NEAR);
        assertEquals(10, new Played(Fault.KILL, 3, 4, 0)
            .figures().value("longest silence"), NEAR);
    }

    @Test
    void theDatabaseIsAwayFromTheOneCommandToTheOther() {
        FailoverFigures figures = new Played(Fault.DATABASE, 1, 4, 0)
            .answer(-1, -0.1, 0, Kind.OK).answer(1, 2, 0, Kind.REFUSED)
            .moment(Mark.AWAY, 0, -1).moment(Mark.BACK, 5, -1)
            .answer(2, 5.5, 0, Kind.OK).answer(5.5, 9.9, 0, Kind.OK).figures();

        assertEquals(5, figures.value("database away for"), NEAR);
        assertEquals(5.5, figures.value("longest time without a saga done"), NEAR);
        assertEquals(0.5, figures.value("beyond the outage"), NEAR);
        assertEquals(2, figures.value("log lines"));
    }

    @Test
    void whatHadNoDefiniteAnswerIsCountedAndShown() {
        FailoverFigures figures = new Played(Fault.KILL, 3, 4, 0).answer(0, 1, 0, Kind.OK)
            .saga(0, 1, 0, "").saga(1, 4.5, 2, "500 broken").figures();

        assertEquals(2, figures.value("sagas"));
        assertEquals(1, figures.value("without a definite answer"));
        assertEquals(3.5, figures.value("slowest saga, repeats included"), NEAR);
        assertEquals(List.of("500 broken"), figures.wrong());
        assertFalse(figures.isClean());
    }

    /** Those of the node that went, and those after its shards were taken over, are others. */
    @Test
    void livingNodesAreJudgedByTheirOwnWhileShardsMove() {
        FailoverFigures figures = new Played(Fault.KILL, 3, 4, 0).answer(0, 1, 0, Kind.OK)
            .saga(0, 0.2, 0, "").saga(1, 1.3, 1, "").saga(1, 5, 2, "").saga(6, 9, 0, "")
            .moment(Mark.TAKEN_OVER, 5, 2).figures();

        assertEquals(0.3, figures.value("p99 of living nodes' sagas meanwhile"), NEAR);
    }

    @Test
    void theFirstCallAfterTheEventCounts() {
        FailoverFigures figures = new Played(Fault.KILL, 3, 0, 4)
            .called(0, 2).called(0, 9).called(1, 3).called(2, 4).figures();

        assertEquals(1, figures.value("not called again"));
        assertEquals(2, figures.value("first called again after"), NEAR);
        assertEquals(3, figures.value("half called again after"), NEAR);
        assertEquals(4, figures.value("last called again after"), NEAR);
    }

    @Test
    void aStartIsOverWhenTheLastIsReady() {
        FailoverFigures figures = new Played(Fault.START, 2, 0, 0)
            .moment(Mark.READY, 4, 0).moment(Mark.READY, 6.5, 1).figures();

        assertEquals(6.5, figures.value("all ready after"), NEAR);
        assertFalse(figures.all().get(0).isMet());
        assertTrue(figures.isClean());
    }

    @Test
    void aSagaCostsWhatNodesAndDatabaseUsed() {
        Played played = new Played(Fault.NONE, 3, 4, 0);
        for (int i = 0; i < 1_000; i++) {
            played.saga(1, 2, 0, "");
        }
        FailoverFigures figures = played.figures();

        assertEquals(100, figures.value("rate"), NEAR);
        assertEquals(2, figures.value("processor time of the nodes"), NEAR);
        assertEquals(3, figures.value("processor time of both"), NEAR);
    }

    @ParameterizedTest
    @CsvSource({"50, 2", "75, 3", "99, 4", "100, 4", "1, 1"})
    void aPercentileIsOneOfTheValues(double percent, double value) {
        assertEquals(value, FailoverFigures.percentile(List.of(1.0, 2.0, 3.0, 4.0), percent));
    }

    @Test
    void ofNothingThereIsNone() {
        assertTrue(Double.isNaN(FailoverFigures.percentile(List.of(), 50)));
    }
}

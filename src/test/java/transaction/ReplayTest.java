package transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A history means the same wherever and whenever it is read. */
class ReplayTest {

    static List<Event> unfitting() {
        Instant at = Story.NOON;
        CallKey nobody = new CallKey("77", Op.ACTION);
        return List.of(new Event.Opened(Samples.saga(1), Status.PREPARED, at),
            new Event.Submitted(Options.NONE, "", Details.PLAIN, at),
            new Event.TurnedBack("why", List.of(), at),
            new Event.Ended(Status.SUCCEED, "", "", at),
            new Event.Ended(Status.FAILED, "", "", at),
            new Event.ForceStopped(at),
            new Event.OpSettled(nobody, BranchStatus.SUCCEED, "", at),
            new Event.RetryScheduled(nobody, Backoff.NONE, "", at));
    }

    @ParameterizedTest
    @MethodSource("unfitting")
    void aFactThatDoesNotFitIsNotTakenIn(Event event) {
        GlobalTransaction ended = Samples.in(Mode.SAGA, Status.SUCCEED).t();

        assertThrows(IllegalStateException.class, () -> event.applyTo(ended));
    }

    @Test
    void onlyTheFirstFactOpensATransaction() {
        for (Event event : List.of(new Event.Ended(Status.FAILED, "", "", Story.NOON),
                new Event.ForceStopped(Story.NOON), new Event.OpSettled(
                    new CallKey("01", Op.ACTION), BranchStatus.SUCCEED, "", Story.NOON))) {
            assertThrows(IllegalStateException.class,
                () -> event.applyTo(GlobalTransaction.ABSENT));
        }
    }

    @Test
    void branchIdsDoNotDependOnTheLanguageOfTheMachine() {
        Locale usual = Locale.getDefault();
        try {
            Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));

            for (Mode mode : List.of(Mode.SAGA, Mode.MSG)) {
                Story story = Story.begin(Samples.submit(mode));
                assertEquals(List.of("01 action"), Story.calls(story.last()));
            }
        } finally {
            Locale.setDefault(usual);
        }
    }
}

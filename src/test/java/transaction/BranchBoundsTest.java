package transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What joins a transaction is bounded in number and in bytes. */
class BranchBoundsTest {

    private static final Moment NOON =
        new Moment(Instant.parse("2026-11-22T12:00:00Z"), Policy.DEFAULT);

    @Test
    void branchesAreTakenUntilTheirPayloadsFillTheirRoom() {
        Bytes big = Bytes.of(new byte[Limits.PAYLOAD_BYTES]);
        GlobalTransaction t = decided(GlobalTransaction.ABSENT,
            new Command.Prepare(Submission.bare("g", Mode.TCC))).after();
        // The payload counts for the cancel and for the confirm.
        int room = Limits.TRANSACTION_BYTES / (2 * Limits.PAYLOAD_BYTES);
        for (int i = 0; i < room; i++) {
            Decision joined = decided(t, join("b" + i, big));
            assertEquals(Reply.DONE, joined.reply());
            t = joined.after();
        }

        Decision refused = decided(t, join("late", big));

        assertInstanceOf(Reply.Invalid.class, refused.reply());
        assertEquals(t, refused.after());
        assertEquals(Reply.DONE, decided(t, join("small", Bytes.EMPTY)).reply());
    }

    private static Command join(String branch, Bytes data) {
        return new Command.JoinBranch(new BranchRegistration("g", Mode.TCC, branch,
            Map.of("confirm", "http://a/confirm", "cancel", "http://a/cancel"), data));
    }

    private static Decision decided(GlobalTransaction t, Command command) {
        return Decider.decide(t, Live.NONE, command, NOON);
    }
}

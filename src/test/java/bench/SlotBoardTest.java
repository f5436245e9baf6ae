package bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class SlotBoardTest {

    private final SlotBoard board = new SlotBoard(2, Workload.SAGA.expectedActs());

    @Test
    void theLastOfTheExpectedCallsIsToldOnceInAnyOrder() {
        board.begin(1, 7);

        assertEquals(SlotBoard.Mark.NEW, board.mark(1, 7, CallKind.ACTION_2));
        assertEquals(SlotBoard.Mark.REPEATED, board.mark(1, 7, CallKind.ACTION_2));
        assertFalse(board.isComplete(1, 7));
        assertEquals(SlotBoard.Mark.LAST, board.mark(1, 7, CallKind.ACTION_1));
        assertTrue(board.isComplete(1, 7));
        assertEquals(SlotBoard.Mark.REPEATED, board.mark(1, 7, CallKind.ACTION_1));
        assertEquals(SlotBoard.Mark.NEW, board.mark(1, 7, CallKind.CHECK));
    }

    @Test
    void callsOfOtherTransactionsAreStale() {
        assertEquals(SlotBoard.Mark.STALE, board.mark(0, 0, CallKind.ACTION_1));
        board.begin(0, 3);
        board.mark(0, 3, CallKind.ACTION_1);
        board.begin(0, 4);

        assertEquals(SlotBoard.Mark.STALE, board.mark(0, 3, CallKind.ACTION_2));
        assertEquals(SlotBoard.Mark.NEW, board.mark(0, 4, CallKind.ACTION_2));
        board.clear(0);
        assertEquals(SlotBoard.Mark.STALE, board.mark(0, 4, CallKind.ACTION_1));
        assertEquals(SlotBoard.Mark.STALE, board.mark(0, -1, CallKind.ACTION_1));
        assertEquals(SlotBoard.Mark.STALE, board.mark(2, 4, CallKind.ACTION_1));
        assertEquals(SlotBoard.Mark.STALE, board.mark(-1, 4, CallKind.ACTION_1));
    }

    @Test
    void theGreatestNumberFits() {
        board.begin(0, GidSequence.NUMBER_MAX);

        board.mark(0, GidSequence.NUMBER_MAX, CallKind.ACTION_1);
        assertEquals(SlotBoard.Mark.LAST, board.mark(0, GidSequence.NUMBER_MAX, CallKind.ACTION_2));
    }

    @Test
    void everyActHasABitOfItsOwnInTheEntry() {
        int all = 0;
        for (CallKind act : CallKind.values()) {
            assertEquals(0, all & act.bit());
            all |= act.bit();
        }
        assertTrue(all < 1 << SlotBoard.ACT_BITS);
    }
}

package actors;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What is in memory takes up so much room, and no more; whoever waits comes in in the end. */
class MemoryBudgetTest {

    private static final long MIB = 1 << 20;

    private final MemoryBudget residents = new MemoryBudget(80 * MIB); // 60 for the large.
    private final AtomicInteger appeals = new AtomicInteger();

    @Test
    void the_large_wait_until_there_is_room_and_come_in_in_their_order() {
        MemoryBudget.Resident first = newcomer();
        assertTrue(enter(first, 50 * MIB).isDone());
        CompletableFuture<Void> second = enter(newcomer(), 20 * MIB);
        CompletableFuture<Void> third = enter(newcomer(), MIB);
        assertFalse(second.isDone());
        assertFalse(third.isDone(), "it came later, however small");
        assertEquals(2, residents.waiting());

        first.leave();

        assertTrue(second.isDone() && third.isDone());
        assertEquals(21 * MIB, residents.bytes());
    }

    @Test
    void one_that_is_read_takes_less_than_while_it_was_read() {
        MemoryBudget.Resident first = newcomer();
        enter(first, 60 * MIB);
        CompletableFuture<Void> second = enter(newcomer(), 40 * MIB);

        first.settle(21 * MIB);
        assertFalse(second.isDone());
        first.settle(20 * MIB);

        assertTrue(second.isDone());
    }

    @Test
    void one_that_is_larger_than_all_room_comes_in_alone_and_holds_up_nobody_for_ever() {
        MemoryBudget.Resident small = newcomer();
        enter(small, MIB);
        MemoryBudget.Resident giant = newcomer();
        CompletableFuture<Void> alone = enter(giant, 500 * MIB);
        CompletableFuture<Void> after = enter(newcomer(), MIB);
        assertFalse(alone.isDone() || after.isDone());

        small.leave();
        assertTrue(alone.isDone());
        assertFalse(after.isDone());
        giant.leave();
        assertTrue(after.isDone());
    }

    @Test
    void a_crowd_of_large_ones_holds_up_neither_the_small_nor_those_of_middle_size() {
        enter(newcomer(), 500 * MIB);
        assertFalse(enter(newcomer(), MIB).isDone());

        assertTrue(enter(newcomer(), MemoryBudget.LARGE_BYTES - 1).isDone());
        for (int i = 0; i < 10_000; i++) {
            assertTrue(enter(newcomer(), MemoryBudget.SMALL_BYTES).isDone());
        }
    }

    @Test
    void those_inside_are_asked_to_leave_while_somebody_waits() {
        enter(newcomer(), 30 * MIB);
        enter(newcomer(), 30 * MIB);
        assertEquals(0, appeals.get());

        enter(newcomer(), MIB);

        assertEquals(2, appeals.get());
    }

    @Test
    void one_that_grows_is_refused_what_there_is_no_room_for() {
        MemoryBudget.Resident growing = newcomer();
        enter(growing, 1_000);
        List<MemoryBudget.Resident> others = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            others.add(newcomer());
            enter(others.get(i), 19 * MIB);
        }

        assertTrue(growing.grow(1_024), "what is small is let in always");
        assertTrue(growing.grow(MIB));
        assertFalse(growing.grow(2 * MIB));
        assertEquals(58 * MIB + 2_024, residents.bytes());
        others.forEach(MemoryBudget.Resident::leave);
        assertTrue(growing.grow(100 * MIB), "alone");
        growing.leave();
        assertEquals(0, residents.bytes());
    }

    @Test
    void whoever_goes_while_it_waits_is_forgotten() {
        MemoryBudget.Resident first = newcomer();
        enter(first, 60 * MIB);
        MemoryBudget.Resident gone = newcomer();
        CompletableFuture<Void> never = enter(gone, 30 * MIB);

        gone.leave();
        first.leave();

        assertFalse(never.isDone());
        assertEquals(0, residents.bytes());
        assertEquals(0, residents.waiting());
    }

    private MemoryBudget.Resident newcomer() {
        return residents.newcomer(appeals::incrementAndGet);
    }

    private static CompletableFuture<Void> enter(MemoryBudget.Resident newcomer, long bytes) {
        return newcomer.enter(bytes).toCompletableFuture();
    }
}

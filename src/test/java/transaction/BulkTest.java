package transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import transaction.BulkAction.Kind;

/** The rules of bulk operations. */
class BulkTest {

    private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

    @ParameterizedTest(name = "{1} where {2} are expected may be acted on by {0}: {3}")
    @CsvSource({"RETRY,110,100,true", "RETRY,111,100,false", "RETRY,9,9,true",
        "RETRY,10,9,false", "RETRY,1,100,true", "PARK,11,10,true", "STOP,100,100,true",
        "STOP,101,100,false", "SKIP,11,10,false", "RESOLVE,11,10,false", "ROLLBACK,11,10,false",
        "STOP,1,100,true", "RETRY,10000,2147483647,true"})
    void a_tenth_more_is_acted_on_if_it_can_be_taken_back(
            Kind kind, int count, int expected, boolean mayBegin) {
        assertEquals(mayBegin, Bulk.mayBegin(kind, count, expected));
    }

    @ParameterizedTest
    @CsvSource({"RUNNING,PAUSE,PAUSED", "RUNNING,RESUME,RUNNING", "RUNNING,CANCEL,CANCELED",
        "PAUSED,PAUSE,PAUSED", "PAUSED,RESUME,RUNNING", "PAUSED,CANCEL,CANCELED",
        "CANCELED,PAUSE,", "CANCELED,RESUME,", "CANCELED,CANCEL,CANCELED",
        "FINISHED,PAUSE,", "FINISHED,RESUME,", "FINISHED,CANCEL,"})
    void each_order_leads_to_one_state(Bulk.State from, Bulk.Order order, Bulk.State to) {
        assertEquals(Optional.ofNullable(to), from.after(order));
    }

    @Test
    void what_may_pass_is_tried_again_and_what_may_not_is_told() {
        Bulk.Item item = new Bulk.Item(1, "g", Bulk.Result.PENDING, 0, "", null);
        assertEquals(new Bulk.Item(1, "g", Bulk.Result.SUCCEEDED, 0, "", NOON),
            item.after(Reply.DONE, NOON));
        for (Reply refusal : new Reply[] {new Reply.Refused("no"), new Reply.Ongoing("no"),
                new Reply.Missing("no"), new Reply.Invalid("no"), new Reply.Forbidden("no"),
                new Reply.Troubled("no")}) {
            assertEquals(new Bulk.Item(1, "g", Bulk.Result.REFUSED, 0, "no", NOON),
                item.after(refusal, NOON));
        }
        for (Reply doubt : new Reply[] {new Reply.Overloaded("wait"), new Reply.Full("wait"),
                new Reply.Unclear("wait")}) {
            assertEquals(new Bulk.Item(1, "g", Bulk.Result.PENDING, 1, "wait", NOON),
                item.after(doubt, NOON));
        }
        Bulk.Item last =
            new Bulk.Item(1, "g", Bulk.Result.PENDING, Limits.BULK_TRIES - 2, "", null);
        assertEquals(Bulk.Result.PENDING, last.after(Reply.PENDING, NOON).result());
        assertEquals(Bulk.Result.FAILED, last.after(Reply.PENDING, NOON)
            .after(Reply.PENDING, NOON).result());
        String longest = "x".repeat(Limits.REASON_CHARS);
        assertEquals(longest, item.after(new Reply.Refused(longest + "y"), NOON).detail());
    }

    @Test
    void the_history_of_each_tells_of_the_operation_however_long_the_reason() {
        assertEquals("why (bulk b)", reason("why"));
        assertEquals("(bulk b)", reason(""));
        String longest = reason("x".repeat(Limits.REASON_CHARS));
        assertEquals(Limits.REASON_CHARS, longest.length());
        assertTrue(longest.endsWith("x (bulk b)"), longest);
    }

    @ParameterizedTest
    @EnumSource(Kind.class)
    void each_kind_is_a_command_of_its_own_and_is_known_by_its_word(Kind kind) {
        assertEquals(Optional.of(kind), Kind.of(kind.wire()));
        Command command = action(kind).of("g");
        assertEquals("g", ((Intervention) command).gid());
        assertEquals("ada", ((Intervention) command).by());
        action(kind).check(NOON);
        assertEquals(1, Arrays.stream(Kind.values()).filter(each ->
            action(each).of("g").equals(command)).count());
    }

    @Test
    void what_could_be_done_to_none_is_refused_at_once() {
        assertThrows(InvalidRequest.class, () -> new BulkAction(
            Kind.PAUSE, null, "", NOON, "", "ada").check(NOON));
        assertThrows(InvalidRequest.class, () -> new BulkAction(
            Kind.SKIP, new CallKey("01", Op.ACTION), "", null, "", "ada").check(NOON));
        assertFalse(Kind.of("edit").isPresent());
    }

    @Test
    void the_end_of_a_pause_is_as_exact_as_the_database_has_it() {
        assertEquals(NOON.plusNanos(1_000), new BulkAction(
            Kind.PAUSE, null, "", NOON.plusNanos(1_999), "", "").until());
    }

    private static String reason(String said) {
        Bulk bulk = Bulk.begun("default", "b",
            new BulkAction(Kind.PARK, null, "", null, said, "ada"), "{}", 1, NOON);
        return ((Park) bulk.commandTo("g")).reason();
    }

    private static BulkAction action(Kind kind) {
        return new BulkAction(kind, new CallKey("01", Op.ACTION),
            kind == Kind.STOP ? "failed" : "failure", NOON.plusSeconds(60), "why", "ada");
    }
}

package io.pactor.client.participant;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a call is read, and what it may be. */
class BranchCallTest {

    private static final Map<String, String> ALL = Map.of("gid", "order-7", "trans_type", "saga",
        "branch_id", "01", "op", "action", "other", "x");

    @Test
    void aRequestWithAllFourIsACall() {
        assertEquals(Optional.of(new BranchCall("order-7", "saga", "01", "action")),
            BranchCall.from(ALL::get));
        assertEquals("action of branch 01 in order-7 (saga)",
            BranchCall.from(ALL::get).orElseThrow().toString());
    }

    @Test
    void aRequestWithNoneIsNone() {
        assertEquals(Optional.empty(), BranchCall.from(Map.of("other", "x")::get));
    }

    @ParameterizedTest
    @ValueSource(strings = {"gid", "trans_type", "branch_id", "op"})
    void aRequestWithSomeIsAMistake(String name) {
        Map<String, String> some = new HashMap<>(ALL);
        some.remove(name);
        assertNames(name, () -> BranchCall.from(some::get));
        some.put(name, " ");
        assertNames(name, () -> BranchCall.from(some::get));
        assertNames("lacks", () -> BranchCall.from(Map.of(name, "x")::get));
    }

    private static void assertNames(String name, Runnable read) {
        String said = assertThrows(IllegalArgumentException.class, read::run).getMessage();
        assertTrue(said.contains(name), said);
    }

    @ParameterizedTest
    @CsvSource({"gid,128", "trans_type,45", "branch_id,128", "op,45"})
    void namesAreBounded(String name, int most) {
        Map<String, String> call = new HashMap<>(ALL);
        call.put(name, "x".repeat(most));
        BranchCall.from(call::get).orElseThrow();
        call.put(name, "x".repeat(most + 1));
        assertNames(name, () -> BranchCall.from(call::get));
    }

    @ParameterizedTest
    @CsvSource({"compensate,true", "cancel,true", "rollback,true", "action,false", "try,false",
        "confirm,false", "commit,false", "msg,false", "Compensate,false"})
    void threeOperationsUndo(String op, boolean undoes) {
        assertEquals(undoes, new BranchCall("g", "saga", "01", op).isUndo());
    }
}

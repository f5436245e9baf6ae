package pactor.cli.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.Test;

class TableTest {

    private static final String ESCAPE = "\u001b";

    @Test
    void columnsAreAlignedAlsoWhereTextsAreWide() {
        Table table = new Table("GID", "STATUS", "ERROR")
            .row("order-1", "submitted", "no")
            .row("订单-2", "failed", "")
            .row("e\u0301", "", "x");
        assertEquals(List.of(
            "GID      STATUS     ERROR",
            "order-1  submitted  no",
            "订单-2   failed     -",
            "e\u0301        -          x"), table.lines(0, false));
    }

    @Test
    void onATerminalTheLastColumnIsCutAndNoOther() {
        Table table = new Table("GID", "ERROR").row("g", "0123456789".repeat(4));
        assertEquals("g    012345678901234567890123…", table.lines(30, false).get(1));
        assertEquals("g    0123456789012345678…", table.lines(10, false).get(1), "but not away");
        assertEquals(45, table.lines(0, false).get(1).length());
    }

    @Test
    void aWideTextIsNotCutThroughTheMiddle() {
        assertEquals("订…", Columns.cut("订单号", 4));
        assertEquals("订单…", Columns.cut("订单号", 5));
        assertEquals("订单号", Columns.cut("订单号", 6));
    }

    @Test
    void wordsThatTellAStateAreColouredOnATerminalAlone() {
        Table table = new Table("STATUS", "N").row("failed", "1");
        assertEquals(ESCAPE + "[31mfailed" + ESCAPE + "[0m  1", table.lines(0, true).get(1));
        assertEquals("failed  1", table.lines(0, false).get(1));
    }

    @Test
    void whatAServerSaysCannotMoveTheCursor() {
        assertEquals("\\u001b[2J\\nx",
            new Table("A").row(ESCAPE + "[2J\nx").lines(0, false).get(1));
    }
}

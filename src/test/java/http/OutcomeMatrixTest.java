package http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import transaction.GlobalTransaction;
import transaction.Outcome;

/**
 * Protocol section 1.5 by wire: each request, in each mode, to a transaction in each status. A cell
 * is the HTTP status, and after the arrow where the transaction stands then, if that has changed.
 */
class OutcomeMatrixTest {

    private static final List<String> STATES =
        List.of("none", "prepared", "submitted", "aborting", "succeed", "failed");

    private static final String CELLS = """
        prepare          |saga    |200>prepared |200          |409       |409       |409|409
        prepare          |tcc     |200>prepared |200          |409       |409       |409|409
        prepare          |xa      |200>prepared |200          |409       |409       |409|409
        prepare          |msg     |200>prepared |200          |409       |-         |409|409
        prepare          |workflow|200>prepared |200          |-         |-         |409|409
        submit           |saga    |200>submitted|200>submitted|200       |409       |409|409
        submit           |tcc     |200>succeed  |200>submitted|200       |409       |409|409
        submit           |xa      |200>succeed  |200>submitted|200       |409       |409|409
        submit           |msg     |200>submitted|200>submitted|200       |-         |409|409
        submit           |workflow|404          |200>succeed  |-         |-         |200|409
        abort            |saga    |404          |409          |409       |409       |409|409
        abort            |tcc     |404          |200>aborting |409       |200       |409|409
        abort            |xa      |404          |200>aborting |409       |200       |409|409
        abort            |msg     |404          |200>failed   |409       |-         |409|409
        abort            |workflow|404          |409          |-         |-         |409|409
        forceStop        |saga    |404          |200>failed   |200>failed|200>failed|409|409
        forceStop        |tcc     |404          |200>failed   |200>failed|200>failed|409|409
        forceStop        |xa      |404          |200>failed   |200>failed|200>failed|409|409
        forceStop        |msg     |404          |200>failed   |200>failed|-         |409|409
        forceStop        |workflow|404          |200>failed   |-         |-         |409|409
        registerBranch   |saga    |409          |400          |409       |409       |409|409
        registerBranch   |tcc     |409          |200          |409       |409       |409|409
        registerBranch   |xa      |409          |200          |409       |409       |409|409
        registerBranch   |msg     |409          |400          |409       |-         |409|409
        registerBranch   |workflow|409          |200          |-         |-         |409|409
        resetNextCronTime|saga    |404          |200          |200       |200       |200|200
        resetNextCronTime|tcc     |404          |200          |200       |200       |200|200
        resetNextCronTime|xa      |404          |200          |200       |200       |200|200
        resetNextCronTime|msg     |404          |200          |200       |-         |200|200
        resetNextCronTime|workflow|404          |200          |-         |-         |200|200
        prepareWorkflow  |workflow|200>prepared |200          |-         |-         |200|200
        """;

    private static Wire wire;

    @BeforeAll
    static void start() {
        wire = Wire.start()
            .participant("http://p/busy", Outcome.ongoing("at work"))
            .participant("http://p/no", Outcome.failure("no funds"));
    }

    @AfterAll
    static void stop() {
        wire.close();
    }

    record Cell(String call, String mode, String state, String expected) {

        String gid() {
            return call + "-" + mode + "-" + state;
        }

        @Override
        public String toString() {
            return call + " of a " + mode + " that is " + state + ": " + expected;
        }
    }

    static Stream<Cell> cells() {
        List<Cell> all = new ArrayList<>();
        for (String line : CELLS.split("\n")) {
            String[] columns = line.split("\\|");
            for (int i = 0; i < STATES.size(); i++) {
                String expected = columns[i + 2].strip();
                if (!expected.equals("-")) {
                    all.add(new Cell(
                        columns[0].strip(), columns[1].strip(), STATES.get(i), expected));
                }
            }
        }
        return all.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cells")
    void aRequestMovesTheTransactionOrIsRefused(Cell cell) {
        bring(cell.gid(), cell.mode(), cell.state());
        GlobalTransaction before = wire.coordinator.state(cell.gid());
        assertEquals(cell.state(), shown(cell.gid()), "the test's own preparation");

        Wire.Answer answer = wire.post(cell.call(), body(cell));

        String[] expected = cell.expected().split(">");
        assertEquals(expected[0], String.valueOf(answer.status()), answer.body());
        assertEquals(expected.length > 1 ? expected[1] : cell.state(), shown(cell.gid()));
        checkEnvelope(cell, answer);
        if (answer.status() >= 400) {
            assertEquals(before, wire.coordinator.state(cell.gid()), "nothing was changed");
        }
    }

    private static void checkEnvelope(Cell cell, Wire.Answer answer) {
        assertEquals("application/json; charset=utf-8", answer.type());
        if (answer.status() == 200 && !cell.call().equals("prepareWorkflow")) {
            assertEquals("{\"dtm_result\":\"SUCCESS\"}", answer.body());
        } else if (answer.status() == 409) {
            assertTrue(answer.body().startsWith("{\"dtm_result\":\"FAILURE\",\"message\":\""));
            assertTrue(answer.body().endsWith(" FAILURE\"}"), answer.body());
        } else {
            assertFalse(answer.mentionsVerdict(), answer.body());
            assertFalse(answer.body().contains("dtm_result"), answer.body());
        }
    }

    private static String shown(String gid) {
        GlobalTransaction state = wire.coordinator.state(gid);
        return state.isAbsent() ? "none" : state.status().wire();
    }

    private static String body(Cell cell) {
        return switch (cell.call()) {
            case "registerBranch" -> branch(cell.gid(), cell.mode(), "02", "http://p/yes");
            case "submit" -> cell.mode().equals("workflow") ? finished(cell.gid(), "succeed")
                : cell.state().equals("none") ? work(cell.gid(), cell.mode(), "http://p/busy")
                : bare(cell.gid(), cell.mode());
            default -> bare(cell.gid(), cell.mode());
        };
    }

    /** Brings a transaction of that mode into that status, by wire alone. */
    private static void bring(String gid, String mode, String state) {
        if (state.equals("none")) {
            return;
        }
        boolean joins = mode.equals("tcc") || mode.equals("xa");
        if (mode.equals("workflow") || joins || state.equals("prepared")
                || mode.equals("msg") && state.equals("failed")) {
            ok(wire.post("prepare", work(gid, mode, "http://p/busy")));
        }
        if (joins) {
            boolean open = List.of("prepared", "submitted", "aborting").contains(state);
            ok(wire.post("registerBranch",
                branch(gid, mode, "01", open ? "http://p/busy" : "http://p/yes")));
        }
        String verb = switch (state) {
            case "prepared" -> "";
            case "submitted", "succeed" -> "submit";
            default -> mode.equals("saga") || mode.equals("workflow") ? "submit" : "abort";
        };
        if (!verb.isEmpty()) {
            ok(wire.post(verb, switch (mode) {
                case "workflow" -> finished(gid, state);
                case "saga" -> saga(gid, state);
                case "msg" -> verb.equals("abort") ? bare(gid, mode) : work(gid, mode,
                    state.equals("succeed") ? "http://p/yes" : "http://p/busy");
                default -> bare(gid, mode);
            }));
        }
    }

    private static String saga(String gid, String state) {
        return switch (state) {
            case "submitted" -> step(gid, "saga", "http://p/busy", "");
            case "aborting" -> step(gid, "saga", "http://p/no", "http://p/busy");
            case "failed" -> step(gid, "saga", "http://p/no", "http://p/yes");
            default -> step(gid, "saga", "http://p/yes", "");
        };
    }

    private static String work(String gid, String mode, String url) {
        return mode.equals("saga") || mode.equals("msg") ? step(gid, mode, url, "")
            : bare(gid, mode);
    }

    private static String step(String gid, String mode, String action, String compensate) {
        return "{\"gid\":\"" + gid + "\",\"trans_type\":\"" + mode + "\",\"steps\":[{\"action\":\""
            + action + "\",\"compensate\":\"" + compensate + "\"}],\"payloads\":[\"{}\"]}";
    }

    private static String bare(String gid, String mode) {
        return "{\"gid\":\"" + gid + "\",\"trans_type\":\"" + mode + "\"}";
    }

    private static String finished(String gid, String status) {
        return "{\"gid\":\"" + gid + "\",\"trans_type\":\"workflow\",\"req_extra\":{\"status\":\""
            + status + "\",\"result\":\"\",\"rollback_reason\":\"\"}}";
    }

    private static String branch(String gid, String mode, String id, String url) {
        return "{\"gid\":\"" + gid + "\",\"trans_type\":\"" + mode + "\",\"branch_id\":\"" + id
            + "\",\"data\":\"{}\",\"confirm\":\"" + url + "\",\"cancel\":\"" + url
            + "\",\"url\":\"" + url + "\",\"op\":\"action\",\"status\":\"succeed\"}";
    }

    private static void ok(Wire.Answer answer) {
        assertEquals(200, answer.status(), answer.body());
    }
}

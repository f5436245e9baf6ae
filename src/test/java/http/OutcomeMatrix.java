package http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Protocol section 1.5: each request, in each mode, to a transaction in each status, and how a test
 * gets there by wire alone. A cell is the HTTP status, and after the arrow where the transaction
 * stands then, if that has changed.
 */
final class OutcomeMatrix {

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

    private final Door door;
    private final String participants;

    /**
     * Of the server behind {@code door}.
     *
     * @param participants with a slash at the end; below it {@code yes} succeeds, {@code busy} is
     *     at work for ever and {@code no} fails
     */
    OutcomeMatrix(Door door, String participants) {
        this.door = door;
        this.participants = participants;
    }

    record Cell(String call, String mode, String state, String expected) {

        int status() {
            return Integer.parseInt(expected.split(">")[0]);
        }

        /** Where the transaction stands after the request. */
        String becomes() {
            return expected.contains(">") ? expected.split(">")[1] : state;
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

    /** The cells that can be asked for at this door. */
    Stream<Cell> ownCells() {
        return cells().filter(cell -> door.calls().contains(cell.call()));
    }

    /** Each cell has a transaction of its own. */
    String gid(Cell cell) {
        return door.name() + "-" + cell.call() + "-" + cell.mode() + "-" + cell.state();
    }

    /** Sends the request of the cell, and sees to it that it is answered as it should be. */
    void ask(Cell cell) {
        assertEquals(door.told(cell.status()), door.ask(cell.call(), body(cell)));
    }

    private String body(Cell cell) {
        return switch (cell.call()) {
            case "registerBranch" -> Requests.branch(gid(cell), cell.mode(), "02", url("yes"));
            case "submit" -> cell.mode().equals("workflow")
                ? Requests.finished(gid(cell), "succeed")
                : cell.state().equals("none") ? Requests.work(gid(cell), cell.mode(), url("busy"))
                : Requests.bare(gid(cell), cell.mode());
            default -> Requests.bare(gid(cell), cell.mode());
        };
    }

    /** Brings a transaction into the status that the cell begins with. */
    void bring(Cell cell) {
        String gid = gid(cell);
        String mode = cell.mode();
        String state = cell.state();
        if (state.equals("none")) {
            return;
        }
        boolean joins = mode.equals("tcc") || mode.equals("xa");
        if (mode.equals("workflow") || joins || state.equals("prepared")
                || mode.equals("msg") && state.equals("failed")) {
            ok(door.ask("prepare", Requests.work(gid, mode, url("busy"))));
        }
        if (joins) {
            boolean open = List.of("prepared", "submitted", "aborting").contains(state);
            ok(door.ask("registerBranch",
                Requests.branch(gid, mode, "01", open ? url("busy") : url("yes"))));
        }
        String verb = switch (state) {
            case "prepared" -> "";
            case "submitted", "succeed" -> "submit";
            default -> mode.equals("saga") || mode.equals("workflow") ? "submit" : "abort";
        };
        if (!verb.isEmpty()) {
            ok(door.ask(verb, switch (mode) {
                case "workflow" -> Requests.finished(gid, state);
                case "saga" -> saga(gid, state);
                case "msg" -> verb.equals("abort") ? Requests.bare(gid, mode)
                    : Requests.work(gid, mode, url(state.equals("succeed") ? "yes" : "busy"));
                default -> Requests.bare(gid, mode);
            }));
        }
    }

    private String saga(String gid, String state) {
        return switch (state) {
            case "submitted" -> Requests.step(gid, "saga", url("busy"), "");
            case "aborting" -> Requests.step(gid, "saga", url("no"), url("busy"));
            case "failed" -> Requests.step(gid, "saga", url("no"), url("yes"));
            default -> Requests.step(gid, "saga", url("yes"), "");
        };
    }

    private String url(String path) {
        return participants + path;
    }

    private void ok(String told) {
        assertEquals(door.told(200), told);
    }
}

package transaction;

import java.util.ArrayList;
import java.util.List;

/**
 * What each command does to a transaction of each mode in each status (protocol section 1.5).
 *
 * <p>A cell is the answer, or the status it becomes, which is answered with "done" if the cell says
 * no more. A dash is a status that the mode never has.
 */
final class OutcomeMatrix {

    private static final String TABLE = """
        saga            | absent          | prepared   | submitted  | aborting  | succeed | failed
        prepare         | >prepared       | done       | refused    | refused   | refused | refused
        submit          | >submitted      | >submitted | done       | refused   | refused | refused
        abort           | missing         | refused    | refused    | refused   | refused | refused
        join            | refused         | invalid    | refused    | refused   | refused | refused
        prepareWorkflow | >prepared shown | refused    | refused    | refused   | refused | refused
        finishWorkflow  | missing         | refused    | refused    | refused   | refused | refused
        forceStop       | missing         | >failed    | >failed    | >failed   | refused | refused
        retryNow        | missing         | done       | done       | done      | done    | done
        unpark          | missing         | done       | done       | done      | done    | done
        completion      | missing         | done       | done       | refused   | done    | refused
        look            | shown           | shown      | shown      | shown     | shown   | shown

        tcc             | absent          | prepared   | submitted  | aborting  | succeed | failed
        prepare         | >prepared       | done       | refused    | refused   | refused | refused
        submit          | >succeed        | >submitted | done       | refused   | refused | refused
        abort           | missing         | >aborting  | refused    | done      | refused | refused
        join            | refused         | done       | refused    | refused   | refused | refused
        prepareWorkflow | >prepared shown | refused    | refused    | refused   | refused | refused
        finishWorkflow  | missing         | refused    | refused    | refused   | refused | refused
        forceStop       | missing         | >failed    | >failed    | >failed   | refused | refused
        retryNow        | missing         | done       | done       | done      | done    | done
        unpark          | missing         | done       | done       | done      | done    | done
        completion      | missing         | done       | >succeed   | done      | done    | refused
        look            | shown           | shown      | shown      | shown     | shown   | shown

        xa              | absent          | prepared   | submitted  | aborting  | succeed | failed
        prepare         | >prepared       | done       | refused    | refused   | refused | refused
        submit          | >succeed        | >submitted | done       | refused   | refused | refused
        abort           | missing         | >aborting  | refused    | done      | refused | refused
        join            | refused         | done       | refused    | refused   | refused | refused
        prepareWorkflow | >prepared shown | refused    | refused    | refused   | refused | refused
        finishWorkflow  | missing         | refused    | refused    | refused   | refused | refused
        forceStop       | missing         | >failed    | >failed    | >failed   | refused | refused
        retryNow        | missing         | done       | done       | done      | done    | done
        unpark          | missing         | done       | done       | done      | done    | done
        completion      | missing         | done       | >succeed   | done      | done    | refused
        look            | shown           | shown      | shown      | shown     | shown   | shown

        msg             | absent          | prepared   | submitted  | aborting  | succeed | failed
        prepare         | >prepared       | done       | refused    | -         | refused | refused
        submit          | >submitted      | >submitted | done       | -         | refused | refused
        abort           | missing         | >failed    | refused    | -         | refused | refused
        join            | refused         | invalid    | refused    | -         | refused | refused
        prepareWorkflow | >prepared shown | refused    | refused    | -         | refused | refused
        finishWorkflow  | missing         | refused    | refused    | -         | refused | refused
        forceStop       | missing         | >failed    | >failed    | -         | refused | refused
        retryNow        | missing         | done       | done       | -         | done    | done
        unpark          | missing         | done       | done       | -         | done    | done
        completion      | missing         | done       | done       | -         | done    | refused
        look            | shown           | shown      | shown      | -         | shown   | shown

        workflow        | absent          | prepared   | submitted  | aborting  | succeed | failed
        prepare         | >prepared       | done       | -          | -         | refused | refused
        submit          | invalid         | invalid    | -          | -         | refused | refused
        abort           | missing         | refused    | -          | -         | refused | refused
        join            | refused         | done       | -          | -         | refused | refused
        prepareWorkflow | >prepared shown | shown      | -          | -         | shown   | shown
        finishWorkflow  | missing         | >succeed   | -          | -         | done    | refused
        forceStop       | missing         | >failed    | -          | -         | refused | refused
        retryNow        | missing         | done       | -          | -         | done    | done
        unpark          | missing         | done       | -          | -         | done    | done
        completion      | missing         | done       | -          | -         | done    | done
        look            | shown           | shown      | -          | -         | shown   | shown
        """;

    private OutcomeMatrix() {}

    /** @param expected the cell's text */
    record Cell(Mode mode, String verb, Status status, String expected) {

        boolean exists() {
            return !expected.equals("-");
        }

        Story given() {
            return status == null ? new Story() : Samples.in(mode, status);
        }

        Command command() {
            return switch (verb) {
                case "prepare" -> new Command.Prepare(Samples.of(mode));
                case "submit" -> Samples.submit(mode);
                case "abort" -> Samples.abort(mode);
                case "join" -> Samples.join(mode, "09");
                case "prepareWorkflow" -> Samples.prepare(Mode.WORKFLOW);
                case "finishWorkflow" -> Samples.finish(Status.SUCCEED);
                case "forceStop" -> new Command.ForceStop(Samples.GID);
                case "retryNow" -> new Command.RetryNow(Samples.GID);
                case "unpark" -> new Unpark(Samples.GID);
                case "completion" -> new Completion(Samples.GID, new CallKey("01",
                    mode == Mode.TCC ? Op.CONFIRM : mode == Mode.XA ? Op.COMMIT : Op.ACTION),
                    true, "", Story.NOON);
                case "look" -> new Command.Look(Samples.GID);
                default -> throw new IllegalArgumentException(verb);
            };
        }

        @Override
        public String toString() {
            return mode.wire() + " " + verb + " while " + Transition.nameOf(status) + ": "
                + expected;
        }
    }

    static List<Cell> cells() {
        List<Cell> cells = new ArrayList<>();
        Mode mode = null;
        for (String line : TABLE.lines().filter(each -> !each.isBlank()).toList()) {
            String[] columns = line.split("\\|");
            String verb = columns[0].strip();
            if (columns[1].strip().equals("absent")) {
                mode = Mode.of(verb).orElseThrow();
                continue;
            }
            cells.add(new Cell(mode, verb, null, columns[1].strip()));
            for (Status status : Status.values()) {
                cells.add(new Cell(mode, verb, status, columns[2 + status.ordinal()].strip()));
            }
        }
        return cells;
    }
}

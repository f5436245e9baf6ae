package transaction;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
        pause           | missing         | done       | done       | done      | refused | refused
        unpause         | missing         | done       | done       | done      | done    | done
        park            | missing         | done       | done       | done      | refused | refused
        settle          | missing         | ongoing    | ongoing    | refused   | done    | refused
        rollBack        | missing         | >failed    | >aborting  | done      | refused | done
        stop            | missing         | >succeed   | >succeed   | refused   | done    | refused
        change          | missing         | done       | done       | done      | refused | refused
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
        pause           | missing         | done       | done       | done      | refused | refused
        unpause         | missing         | done       | done       | done      | done    | done
        park            | missing         | done       | done       | done      | refused | refused
        settle          | missing         | ongoing    | ongoing    | ongoing   | done    | refused
        rollBack        | missing         | >aborting  | refused    | done      | refused | done
        stop            | missing         | >succeed   | >succeed   | refused   | done    | refused
        change          | missing         | done       | ongoing    | ongoing   | refused | refused
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
        pause           | missing         | done       | done       | done      | refused | refused
        unpause         | missing         | done       | done       | done      | done    | done
        park            | missing         | done       | done       | done      | refused | refused
        settle          | missing         | ongoing    | ongoing    | ongoing   | done    | refused
        rollBack        | missing         | >aborting  | refused    | done      | refused | done
        stop            | missing         | >succeed   | >succeed   | refused   | done    | refused
        change          | missing         | done       | ongoing    | ongoing   | refused | refused
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
        pause           | missing         | done       | done       | -         | refused | refused
        unpause         | missing         | done       | done       | -         | done    | done
        park            | missing         | done       | done       | -         | refused | refused
        settle          | missing         | ongoing    | ongoing    | -         | done    | refused
        rollBack        | missing         | refused    | refused    | -         | refused | done
        stop            | missing         | >succeed   | >succeed   | -         | done    | refused
        change          | missing         | done       | done       | -         | refused | refused
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
        pause           | missing         | done       | -          | -         | refused | refused
        unpause         | missing         | done       | -          | -         | done    | done
        park            | missing         | done       | -          | -         | refused | refused
        settle          | missing         | done       | -          | -         | done    | done
        rollBack        | missing         | done       | -          | -         | refused | done
        stop            | missing         | >succeed   | -          | -         | done    | refused
        change          | missing         | done       | -          | -         | refused | refused
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
                case "completion" -> new Completion(Samples.GID, key(), true, "", Story.NOON);
                case "pause" -> new Pause(Samples.GID, null, "night", "ada");
                case "unpause" -> new Unpause(Samples.GID, "ada");
                case "park" -> new Park(Samples.GID, "look at it", "ada");
                case "settle" -> new Settle(
                    Samples.GID, key(), BranchStatus.SUCCEED, false, "seen it", "ada");
                case "rollBack" -> new RollBack(Samples.GID, "wrong order", "ada");
                case "stop" -> new Stop(Samples.GID, Status.SUCCEED, "done by hand", "ada");
                case "change" -> new Change(
                    Samples.GID, changed(), "http://other/", Optional.empty(),
                    Change.AS_IT_IS, Change.AS_IT_IS, 7, "moved", "ada");
                case "look" -> new Command.Look(Samples.GID);
                default -> throw new IllegalArgumentException(verb);
            };
        }

        private CallKey key() {
            return new CallKey("01",
                mode == Mode.TCC ? Op.CONFIRM : mode == Mode.XA ? Op.COMMIT : Op.ACTION);
        }

        /** One of which no call is on its way. */
        private CallKey changed() {
            return mode == Mode.SAGA || mode == Mode.MSG ? new CallKey("02", Op.ACTION)
                : mode == Mode.WORKFLOW ? new CallKey("00", Op.RESUME) : key();
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

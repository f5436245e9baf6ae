package workflow;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import workflow.CoordinatorWire.Known;
import workflow.CoordinatorWire.Progress;
import workflow.Doings.What;

/**
 * Runs a workflow of three steps, whose results nobody can guess, as DTM's clients do: what is on
 * record is not done again, what is done is put on record, and the end is told. If the third step
 * fails, the other two are undone in the reverse order.
 */
final class WorkflowClient {

    static final String NAME = "order";

    private static final List<String> STEPS = List.of("01", "02", "03");

    /** Comes to a place where a test may want to kill. */
    @FunctionalInterface
    interface Places {
        void reached(String place);
    }

    private final CoordinatorWire wire;
    private final String callback;
    private final Path home;
    private final boolean text;
    private final Places places;

    /**
     * @param callback where the coordinator finds this client
     * @param home a directory; each workflow has a file of its {@link Doings} there
     * @param text whether results must be text, as over HTTP; else any bytes
     */
    WorkflowClient(CoordinatorWire wire, String callback, Path home, boolean text, Places places) {
        this.wire = wire;
        this.callback = callback;
        this.home = home;
        this.text = text;
        this.places = places;
    }

    /** From the beginning, or from where it was left. @param data {@code fail} if it is to fail */
    synchronized void run(String gid, byte[] data) {
        Doings doings = new Doings(home.resolve(gid));
        Known known = wire.prepare(gid, NAME, data, callback);
        if (!known.status().equals("prepared")) {
            doings.add(What.SEEN_FINISHED, known.status(), known.result());
            return;
        }
        places.reached("prepared");
        boolean fails = new String(data, StandardCharsets.UTF_8).equals("fail");
        StringBuilder results = new StringBuilder();
        boolean failed = false;
        for (String step : STEPS) {
            Progress progress = step(gid, known, step, "action", fails && step.equals("03"));
            failed |= progress.status().equals("failed");
            results.append(java.util.HexFormat.of().formatHex(progress.data()));
        }
        if (failed) {
            step(gid, known, "02", "rollback", false);
            step(gid, known, "01", "rollback", false);
        }
        byte[] result = failed ? new byte[0] : results.toString().getBytes(StandardCharsets.UTF_8);
        String status = failed ? "failed" : "succeed";
        places.reached("ending");
        if (wire.finish(gid, status, result, failed ? "the third step said no" : "")) {
            places.reached("ended");
            doings.add(What.FINISHED, status, result);
        }
    }

    private Progress step(String gid, Known known, String branch, String op, boolean fails) {
        Doings doings = new Doings(home.resolve(gid));
        String name = branch + "-" + op;
        Progress replayed = known.of(branch, op).orElse(null);
        if (replayed != null) {
            doings.add(What.REPLAYED, name, replayed.data());
            return replayed;
        }
        places.reached("before-" + name);
        Progress progress =
            new Progress(branch, op, fails ? "failed" : "succeed", unguessable());
        doings.add(What.DONE, name, progress.data());
        places.reached("done-" + name);
        if (!wire.record(gid, progress)) {
            throw new IllegalStateException("the record of " + name + " was refused");
        }
        doings.add(What.RECORDED, name, progress.data());
        places.reached("recorded-" + name);
        return progress;
    }

    private byte[] unguessable() {
        if (text) {
            return ("résultat 交易 \"" + UUID.randomUUID() + "\"").getBytes(StandardCharsets.UTF_8);
        }
        byte[] any = new byte[40];
        new Random().nextBytes(any);
        return any;
    }
}

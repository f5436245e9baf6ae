package io.pactor.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * What a transaction is about, to tell a repeat from the same gid for other work. The coordinator
 * compares only while a transaction runs; of one that has ended it tells the status alone.
 *
 * @param calls null where the coordinator learns of the branches elsewhere
 */
record Work(String mode, List<Planned> calls) {

    /** One action, with the body of its call. */
    record Planned(String url, String payload) {}

    static Work of(String mode, List<Step> steps, List<String> payloads) {
        List<Planned> calls = new ArrayList<>();
        for (int i = 0; i < steps.size(); i++) {
            calls.add(new Planned(steps.get(i).action().url(), payloads.get(i)));
        }
        return new Work(mode, calls);
    }

    /** Work of whose branches the submit says nothing. */
    static Work of(String mode) {
        return new Work(mode, null);
    }

    /** @throws RejectedException if the record under the gid is of other work */
    void check(TransactionView view) {
        if (!view.mode().equals(mode)) {
            throw new RejectedException(view.gid(), 409,
                "gid " + view.gid() + " is a " + view.mode() + ", not a " + mode);
        }
        List<TransactionView.BranchView> actions = view.branches().stream()
            .filter(each -> each.op().equals("action")).toList();
        boolean isSame = calls == null || isTopic() || actions.size() == calls.size();
        for (int i = 0; isSame && calls != null && !isTopic() && i < calls.size(); i++) {
            isSame = isSame(calls.get(i), actions.get(i));
        }
        if (!isSame) {
            throw new RejectedException(view.gid(), 409,
                "gid " + view.gid() + " was used with other content before");
        }
    }

    /** A topic stands for urls that only the coordinator knows. */
    private boolean isTopic() {
        return calls.stream().anyMatch(each -> each.url().startsWith("topic:"));
    }

    /** The payload is missing in the record if it is long. */
    private static boolean isSame(Planned planned, TransactionView.BranchView recorded) {
        return planned.url().equals(recorded.url()) && (recorded.payload().isEmpty()
            || planned.payload().equals(recorded.payload())
            || sameJson(planned.payload(), recorded.payload()));
    }

    static boolean sameJson(String one, String other) {
        try {
            return Objects.equals(Json.read(one), Json.read(other));
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Whether a submit of it has had its effect: a saga runs, whatever becomes of it. */
    boolean isCarriedOut(TransactionView view) {
        return mode.equals("saga") || view.status().equals("succeed")
            || view.status().equals("submitted");
    }
}

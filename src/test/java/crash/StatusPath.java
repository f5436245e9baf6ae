package crash;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The statuses in which one transaction was seen, one after another, through all deaths of the
 * coordinator. A status that was shown is durable: what follows must be reachable from it.
 */
final class StatusPath {

    /** What may be seen after a status, with those between left out. */
    private static final Map<String, Map<String, Set<String>>> AFTER = Map.of(
        "saga", Map.of(
            "submitted", Set.of("aborting", "succeed", "failed"),
            "aborting", Set.of("failed")),
        "tcc", decided(),
        "xa", decided(),
        "msg", Map.of(
            "prepared", Set.of("submitted", "succeed", "failed"),
            "submitted", Set.of("succeed")),
        "workflow", Map.of("prepared", Set.of("succeed", "failed")));

    private final Transfer transfer;
    private final List<String> seen = new ArrayList<>();
    private final List<String> violations = new ArrayList<>();

    StatusPath(Transfer transfer) {
        this.transfer = transfer;
    }

    String gid() {
        return transfer.gid();
    }

    /** @param status empty if it is not known */
    synchronized void saw(String status) {
        String last = seen.isEmpty() ? "" : seen.get(seen.size() - 1);
        if (status.equals(last)) {
            return;
        }
        boolean legal = last.isEmpty()
            || AFTER.get(transfer.mode()).getOrDefault(last, Set.of()).contains(status);
        seen.add(status);
        if (!legal) {
            violations.add("C3 " + transfer + " was seen as " + seen);
        }
    }

    /** Whether it may still change. */
    synchronized boolean isOpen() {
        return seen.isEmpty() || !Set.of(Told.SUCCEED, Told.FAILED).contains(
            seen.get(seen.size() - 1));
    }

    synchronized int length() {
        return seen.size();
    }

    synchronized List<String> violations() {
        return List.copyOf(violations);
    }

    private static Map<String, Set<String>> decided() {
        return Map.of(
            "prepared", Set.of("submitted", "aborting", "succeed", "failed"),
            "submitted", Set.of("succeed"),
            "aborting", Set.of("failed"));
    }
}

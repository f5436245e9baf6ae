package bench;

import java.util.EnumSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The transactions the tool can make, two branches each. */
enum Workload {
    /** Two steps whose urls are all empty: the coordinator alone, without participants. */
    SAGA_EMPTY("saga-empty", "saga", EnumSet.noneOf(CallKind.class)),
    /** Two actions that succeed. */
    SAGA("saga", "saga", EnumSet.of(CallKind.ACTION_1, CallKind.ACTION_2)),
    /** The second action is refused; both steps are compensated, as DTM does. */
    SAGA_ROLLBACK("saga-rollback", "saga",
            EnumSet.of(CallKind.ACTION_1, CallKind.REFUSE_2, CallKind.COMPENSATE_1,
            CallKind.COMPENSATE_2)),
    /** The tool registers two branches and tries them; the coordinator confirms them. */
    TCC("tcc", "tcc", EnumSet.of(CallKind.TRY_1, CallKind.TRY_2, CallKind.CONFIRM_1,
        CallKind.CONFIRM_2)),
    /** A two-phase message to two receivers, prepared and then submitted. */
    MSG("msg", "msg", EnumSet.of(CallKind.ACTION_1, CallKind.ACTION_2));

    private final String label;
    private final String mode;
    private final Set<CallKind> acts;

    Workload(String label, String mode, Set<CallKind> acts) {
        this.label = label;
        this.mode = mode;
        this.acts = acts;
    }

    /** Its name on the command line. */
    String label() {
        return label;
    }

    /** Its mode on the wire. */
    String mode() {
        return mode;
    }

    /** The bits of the branch calls without which it has not ended; zero if there are none. */
    int expectedActs() {
        return acts.stream().mapToInt(CallKind::bit).reduce(0, (a, b) -> a | b);
    }

    /** Whether participants take part, and can therefore see its last call. */
    boolean hasBranchCalls() {
        return !acts.isEmpty();
    }

    /** The status at which it has ended as it should. */
    String endStatus() {
        return this == SAGA_ROLLBACK ? "failed" : "succeed";
    }

    /** The HTTP status of a submit that waited for the end. */
    int waitedHttpStatus() {
        return this == SAGA_ROLLBACK ? 409 : 200;
    }

    static String labels() {
        return Stream.of(values()).map(Workload::label).collect(Collectors.joining(", "));
    }

    /** @throws IllegalArgumentException if no workload has that name */
    static Workload of(String label) {
        return Stream.of(values()).filter(workload -> workload.label.equals(label)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "'" + label + "' is none of " + labels()));
    }
}

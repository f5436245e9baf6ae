package crash;

/**
 * One transaction that moves money from one account to another, and how it is to go.
 *
 * @param from the account of branch 01, which gives
 * @param to the account of branch 02, which takes
 */
record Transfer(String gid, Plan plan, int from, int to, long cents) {

    /** How a transaction is to go, if nothing comes between. */
    enum Plan {
        SAGA("saga"),
        /** The initiator waits for the end. */
        SAGA_WAITED("saga"),
        /** The second action is refused. */
        SAGA_REFUSED("saga"),
        /** The second action never gives a verdict, until the time is over. */
        SAGA_TIMED_OUT("saga"),
        /** Both actions at once, the second refused. */
        SAGA_CONCURRENT_REFUSED("saga"),
        TCC("tcc"),
        /** The second try is refused, so the initiator aborts. */
        TCC_REFUSED("tcc"),
        /** The initiator is gone after the tries. */
        TCC_ABANDONED("tcc"),
        XA("xa"),
        /** The second action is refused, so the initiator aborts. */
        XA_REFUSED("xa"),
        MSG("msg"),
        /** The initiator is gone after its local transaction. */
        MSG_ASKED("msg"),
        /** The initiator is gone before its local transaction. */
        MSG_NOT_COMMITTED("msg"),
        WORKFLOW("workflow"),
        /** The second step is refused. */
        WORKFLOW_REFUSED("workflow"),
        /** The initiator is gone after the first step. */
        WORKFLOW_ABANDONED("workflow");

        private final String mode;

        Plan(String mode) {
            this.mode = mode;
        }

        String mode() {
            return mode;
        }

        /** Whether this one undoes what was done. */
        boolean endsBadly() {
            return switch (this) {
                case SAGA, SAGA_WAITED, TCC, XA, MSG, MSG_ASKED, WORKFLOW,
                    WORKFLOW_ABANDONED -> false;
                default -> true;
            };
        }

        /** What the second branch is told beside the sum. */
        String mannerOfSecond() {
            return switch (this) {
                case SAGA_REFUSED, SAGA_CONCURRENT_REFUSED, TCC_REFUSED, XA_REFUSED,
                    WORKFLOW_REFUSED -> "refuse";
                case SAGA_TIMED_OUT -> "ongoing";
                default -> "";
            };
        }
    }

    String mode() {
        return plan.mode();
    }

    @Override
    public String toString() {
        return gid + " (" + plan + ")";
    }
}

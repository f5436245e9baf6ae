package transaction;

/** Port, needed: tells an operator that a branch keeps failing. */
@FunctionalInterface
public interface Alerts {

    /** Does not block and does not throw; an alert that cannot be delivered is logged and lost. */
    void raise(Alert alert);
}

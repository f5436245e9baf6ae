package transaction;

/** Port, needed: tells people that a transaction does not get on. */
@FunctionalInterface
public interface Alerts {

    /** Says nothing to anybody: for a coordinator without a webhook. */
    Alerts NONE = alert -> {};

    /**
     * Passes {@code alert} on, if it can. Never blocks and never throws; an alert may be lost,
     * since the next failure of the same branch raises another.
     */
    void raise(Alert alert);
}

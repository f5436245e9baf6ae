package transaction;

/**
 * Something for each kind of {@link Event}. A new kind has a method here, so that the compiler
 * finds whoever has nothing for it.
 */
public interface EventVisitor<T> {

    T opened(Event.Opened event);

    T submitted(Event.Submitted event);

    T branchesJoined(Event.BranchesJoined event);

    T opSettled(Event.OpSettled event);

    T retryScheduled(Event.RetryScheduled event);

    T awaited(Event.Awaited event);

    T hurried(Event.Hurried event);

    T parked(Event.Parked event);

    T unparked(Event.Unparked event);

    T paused(Event.Paused event);

    T unpaused(Event.Unpaused event);

    T skipped(Event.Skipped event);

    T resolved(Event.Resolved event);

    T changed(Event.Changed event);

    T turnedBack(Event.TurnedBack event);

    T ended(Event.Ended event);

    T forceStopped(Event.ForceStopped event);

    T removed(Event.Removed event);

    T quarantined(Event.Quarantined event);
}

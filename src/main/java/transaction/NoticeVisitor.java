package transaction;

/**
 * Something for each kind of {@link Notice}. A new kind has a method here, so that the compiler
 * finds whoever has nothing for it.
 */
public interface NoticeVisitor<T> {

    T created(Notice.Created notice);

    T statusChanged(Notice.StatusChanged notice);

    T branchSettled(Notice.BranchSettled notice);

    T attempted(Notice.Attempted notice);

    T retryScheduled(Notice.RetryScheduled notice);

    T parked(Notice.Parked notice);

    T unparked(Notice.Unparked notice);

    T paused(Notice.Paused notice);

    T unpaused(Notice.Unpaused notice);

    T passFinished(Notice.PassFinished notice);
}

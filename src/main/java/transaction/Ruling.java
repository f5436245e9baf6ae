package transaction;

import java.util.List;

/**
 * What a command brings about: facts and an answer.
 *
 * @param events to be written before the answer is given
 * @param reply the answer; null if the client is shown the transaction, or waits
 * @param awaits the status a waiting client hopes for when the pass is over; null if none waits
 */
record Ruling(List<Event> events, Reply reply, Status awaits) {

    static Ruling accept(Event... events) {
        return new Ruling(List.of(events), Reply.DONE, null);
    }

    /** No wait is in force any more: it looks at once. */
    static Ruling hurry(GlobalTransaction t, String by, Moment moment) {
        return t.isWaiting(moment.now()) ? accept(new Event.Hurried(by, moment.now())) : accept();
    }

    /** Answered with the transaction as it then is. */
    static Ruling show(Event... events) {
        return new Ruling(List.of(events), null, null);
    }

    static Ruling refuse(Reply reply) {
        return new Ruling(List.of(), reply, null);
    }

    static Ruling refuse(String reason) {
        return refuse(new Reply.Refused(reason));
    }

    boolean isRefused() {
        return reply != null && !(reply instanceof Reply.Done);
    }

    /** The same, answered only when the pass it sets off is over, if {@code waits}. */
    Ruling awaiting(boolean waits, Status hoped) {
        return waits ? new Ruling(events, null, hoped) : this;
    }
}

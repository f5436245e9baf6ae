package bench.failover;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * What was seen: each answer, the end of each saga, and the moments between. Times are those of
 * {@link System#nanoTime} in this process. Thread-safe.
 */
final class Chronicle {

    private final List<Answer> answers = new ArrayList<>();
    private final List<Ended> ended = new ArrayList<>();
    private final List<Moment> moments = new ArrayList<>();
    private final AtomicLongArray calledAgain;
    private volatile long eventAt;

    /** What an answer said. */
    enum Kind {
        /** The end of the saga, as it should be. */
        OK,
        /** Ask again: 503 or 429 with {@code Retry-After}, or 425. */
        REFUSED,
        /** No answer: the connection was refused or broke, or time was over. */
        NONE,
        /** What should never be said. */
        WRONG
    }

    /**
     * One request of a client.
     *
     * @param node that was asked, from 0 on
     * @param home node at which the transaction lived when that was last looked at; -1 if unknown
     */
    record Answer(long askedAt, long at, int node, int home, Kind kind) {

        double millis() {
            return (at - askedAt) / 1e6;
        }
    }

    /**
     * The end of a saga, repeats included.
     *
     * @param dueAt when it was to be begun
     * @param attempts requests that it took
     * @param wrong what was wrong; empty if it ended as it should
     */
    record Ended(long dueAt, long at, int home, int attempts, String wrong) {

        double millis() {
            return (at - dueAt) / 1e6;
        }
    }

    /** What is told apart on the way; in this order as a rule. */
    enum Mark {
        STARTED("started"),
        KILLED("killed"),
        STOPPED("SIGTERM"),
        AWAY("database away"),
        OUT_OF_REACH("out of reach"),
        DECIDED("decided by the database"),
        REMOVED("removed"),
        EXITED("process gone"),
        TAKEN_OVER("shards taken over"),
        FIRST_CALLED("first waiting one called again"),
        LAST_CALLED("last waiting one called again"),
        BACK("database back"),
        READY("ready");

        private final String label;

        Mark(String label) {
            this.label = label;
        }

        String label() {
            return label;
        }
    }

    /** @param source who said so: the tool, a log, or the view of a management port */
    record Moment(Mark mark, long at, int node, String source) {}

    /** @param waiting transactions whose calls are to be noted */
    Chronicle(int waiting) {
        calledAgain = new AtomicLongArray(waiting);
    }

    synchronized void add(Answer answer) {
        answers.add(answer);
    }

    synchronized void add(Ended saga) {
        ended.add(saga);
    }

    /** The first of a kind counts, for each node. */
    synchronized void add(Moment moment) {
        boolean known = moments.stream().anyMatch(
            each -> each.mark() == moment.mark() && each.node() == moment.node());
        if (!known) {
            moments.add(moment);
        }
    }

    /** Now it happens. */
    void event(long at) {
        eventAt = at;
    }

    long eventAt() {
        return eventAt;
    }

    /** A transaction that waits has called; the first call after the event counts. */
    void called(int number, long at) {
        if (eventAt != 0 && number < calledAgain.length()) {
            calledAgain.compareAndSet(number, 0, at);
        }
    }

    /** How many of those that wait have called since the event. */
    int calledAgain() {
        return delays().size();
    }

    /** From the event to the first call of each that has called, in milliseconds, sorted. */
    List<Double> delays() {
        List<Double> all = new ArrayList<>();
        for (int i = 0; i < calledAgain.length(); i++) {
            long at = calledAgain.get(i);
            if (at != 0) {
                all.add((at - eventAt) / 1e6);
            }
        }
        all.sort(null);
        return all;
    }

    /** Makes moments of the first and of the last of those calls. */
    void noteCalls() {
        List<Double> delays = delays();
        if (!delays.isEmpty()) {
            add(called(Mark.FIRST_CALLED, delays.get(0)));
        }
        if (!delays.isEmpty() && delays.size() == waiting()) {
            add(called(Mark.LAST_CALLED, delays.get(delays.size() - 1)));
        }
    }

    private Moment called(Mark mark, double millis) {
        return new Moment(mark, eventAt + (long) (millis * 1e6), -1, "its participant");
    }

    int waiting() {
        return calledAgain.length();
    }

    synchronized List<Answer> answers() {
        return List.copyOf(answers);
    }

    synchronized List<Ended> ended() {
        return List.copyOf(ended);
    }

    synchronized List<Moment> moments() {
        return moments.stream().sorted(java.util.Comparator.comparingLong(Moment::at)).toList();
    }

    /** When that was first seen. */
    Optional<Moment> first(Mark mark) {
        return moments().stream().filter(each -> each.mark() == mark).findFirst();
    }

    /** What was before is of no interest any more. */
    synchronized void forgetBefore(long at) {
        answers.removeIf(each -> each.at() - at < 0);
        ended.removeIf(each -> each.at() - at < 0);
    }
}

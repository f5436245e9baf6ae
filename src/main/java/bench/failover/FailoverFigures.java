package bench.failover;

import bench.failover.Chronicle.Answer;
import bench.failover.Chronicle.Ended;
import bench.failover.Chronicle.Kind;
import bench.failover.Chronicle.Mark;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;

/**
 * What a {@link Rehearsal} has shown, as figures with their goals.
 *
 * @param all in the order in which they are told
 * @param wrong the first of what clients should never have been told, in words
 */
record FailoverFigures(List<Figure> all, List<String> wrong) {

    /** As many examples are shown. */
    private static final int WRONG_MAX = 5;

    static final double SILENCE_MAX_SECONDS = 1;
    static final double SLOWEST_MAX_SECONDS = 6;
    static final double STOPPED_SLOWEST_MAX_SECONDS = 1;
    static final double LIVING_P99_MAX_SECONDS = 0.5;
    static final double CALLED_MAX_SECONDS = 6;
    static final double START_MAX_SECONDS = 6;
    static final double LOG_LINES_MAX = 2;

    /** @param goal which the value should not be above; NaN if there is none */
    record Figure(String name, double value, String unit, double goal) {

        boolean hasGoal() {
            return !Double.isNaN(goal);
        }

        boolean isMet() {
            return value <= goal;
        }
    }

    static FailoverFigures of(Scenario scenario, Rehearsal.Seen seen) {
        return new Reader(scenario, seen).read();
    }

    /** Whether nothing went wrong, whatever the goals. */
    boolean isClean() {
        return wrong.isEmpty();
    }

    /** The value of that name; NaN if there is none. */
    double value(String name) {
        return all.stream().filter(each -> each.name().equals(name))
            .mapToDouble(Figure::value).findFirst().orElse(Double.NaN);
    }

    /** Of sorted values; NaN if there are none. */
    static double percentile(List<Double> sorted, double percent) {
        return sorted.isEmpty() ? Double.NaN
            : sorted.get((int) Math.ceil(sorted.size() * percent / 100) - 1);
    }

    /** @param seen is read once */
    private static final class Reader {

        private final Scenario scenario;
        private final Rehearsal.Seen seen;
        private final Chronicle chronicle;
        private final long from;
        private final List<Figure> figures = new ArrayList<>();

        Reader(Scenario scenario, Rehearsal.Seen seen) {
            this.scenario = scenario;
            this.seen = seen;
            this.chronicle = seen.chronicle();
            this.from = chronicle.eventAt();
        }

        FailoverFigures read() {
            if (scenario.event() == Fault.START) {
                started();
            }
            if (scenario.hasLoad()) {
                answers();
                sagas();
            }
            if (scenario.waiting() > 0) {
                waiting();
            }
            if (scenario.event() == Fault.DATABASE) {
                figure("log lines", seen.logs().lines(), "", LOG_LINES_MAX);
                figure("log size", seen.logs().bytes() / 1e3, "kB");
            }
            chronicle.first(Mark.EXITED).ifPresent(each ->
                figure("process gone after", seconds(each.at()), "s"));
            return new FailoverFigures(List.copyOf(figures), chronicle.ended().stream()
                .filter(each -> !each.wrong().isEmpty()).map(Ended::wrong).limit(WRONG_MAX)
                .toList());
        }

        private void started() {
            chronicle.moments().stream().filter(each -> each.mark() == Mark.READY)
                .max(Comparator.comparingLong(Chronicle.Moment::at))
                .ifPresent(last -> figure("all ready after", seconds(last.at()), "s",
                    START_MAX_SECONDS));
        }

        private void answers() {
            List<Answer> since = chronicle.answers().stream()
                .filter(each -> each.at() - from >= 0).toList();
            figure("longest silence", silence(each -> each.kind() != Kind.NONE), "s",
                scenario.event() != Fault.DATABASE && scenario.load().clients() > 0
                    ? SILENCE_MAX_SECONDS : Double.NaN);
            if (scenario.event() == Fault.DATABASE) {
                double done = silence(each -> each.kind() == Kind.OK);
                double away = chronicle.first(Mark.BACK)
                    .map(back -> seconds(back.at())).orElse(Double.NaN);
                figure("database away for", away, "s");
                figure("longest time without a saga done", done, "s");
                figure("beyond the outage", done - away, "s", SILENCE_MAX_SECONDS);
            }
            figure("slowest answer", since.stream().mapToDouble(Answer::millis).max()
                .orElse(Double.NaN) / 1e3, "s", scenario.event() == Fault.STOP
                    ? STOPPED_SLOWEST_MAX_SECONDS : Double.NaN);
            for (Kind kind : Kind.values()) {
                figure("answers: " + word(kind), since.stream()
                    .filter(each -> each.kind() == kind).count(), "");
            }
        }

        private static String word(Kind kind) {
            return switch (kind) {
                case OK -> "done";
                case REFUSED -> "ask again";
                case NONE -> "none (refused or broken connection)";
                case WRONG -> "wrong";
            };
        }

        /** The longest time without such an answer, as far as it is after the event. */
        private double silence(Predicate<Answer> which) {
            long end = from + scenario.times().observe().toNanos();
            List<Long> at = new ArrayList<>(chronicle.answers().stream().filter(which)
                .map(Answer::at).filter(each -> each - from > 0 && each - end <= 0).sorted()
                .toList());
            at.add(end);
            long before = from;
            long longest = 0;
            for (long each : at) {
                longest = Math.max(longest, each - before);
                before = each;
            }
            return longest / 1e9;
        }

        private void sagas() {
            List<Ended> ended = chronicle.ended().stream()
                .filter(each -> each.at() - from >= 0).toList();
            List<Ended> begun = ended.stream().filter(each -> each.dueAt() - from
                < scenario.times().observe().toNanos()).toList();
            figure("sagas", begun.size(), "");
            figure("without a definite answer",
                begun.stream().filter(each -> !each.wrong().isEmpty()).count(), "", 0);
            figure("slowest saga, repeats included", begun.stream().mapToDouble(Ended::millis)
                .max().orElse(Double.NaN) / 1e3, "s",
                scenario.event().hasVictim() ? SLOWEST_MAX_SECONDS : Double.NaN);
            List<Double> all = millis(begun, each -> true);
            figure("p99 of all sagas", percentile(all, 99) / 1e3, "s");
            long until = chronicle.first(Mark.TAKEN_OVER).map(Chronicle.Moment::at)
                .orElse(from + scenario.times().observe().toNanos());
            List<Double> living = millis(begun, each -> each.home() >= 0
                && each.home() != seen.victim() && each.dueAt() - until < 0);
            if (scenario.event().hasVictim() && !living.isEmpty()) {
                figure("p99 of living nodes' sagas meanwhile", percentile(living, 99) / 1e3, "s",
                    LIVING_P99_MAX_SECONDS);
            }
            if (scenario.event() == Fault.NONE) {
                costs(begun.size());
            }
        }

        private void costs(int done) {
            figure("rate", done / seen.seconds(), "sagas/s");
            double nodes = seen.nodesCpu().toNanos() / 1e6 / done;
            figure("processor time of the nodes", nodes, "ms a saga");
            seen.databaseCpu().ifPresent(cpu -> {
                double database = cpu.toNanos() / 1e6 / done;
                figure("processor time of the database", database, "ms a saga");
                figure("processor time of both", nodes + database, "ms a saga");
            });
        }

        private static List<Double> millis(List<Ended> sagas, Predicate<Ended> which) {
            return sagas.stream().filter(which).map(Ended::millis).sorted().toList();
        }

        private void waiting() {
            List<Double> delays = chronicle.delays();
            figure("waiting", chronicle.waiting(), "");
            figure("not called again", chronicle.waiting() - delays.size(), "", 0);
            figure("first called again after", percentile(delays, 0.001) / 1e3, "s");
            figure("half called again after", percentile(delays, 50) / 1e3, "s");
            figure("99 % called again after", percentile(delays, 99) / 1e3, "s");
            figure("last called again after", percentile(delays, 100) / 1e3, "s",
                CALLED_MAX_SECONDS);
        }

        private double seconds(long at) {
            return (at - from) / 1e9;
        }

        private void figure(String name, double value, String unit) {
            figure(name, value, unit, Double.NaN);
        }

        private void figure(String name, double value, String unit, double goal) {
            figures.add(new Figure(name, value, unit, goal));
        }
    }
}

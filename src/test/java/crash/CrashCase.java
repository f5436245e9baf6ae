package crash;

import crash.Transfer.Plan;
import java.util.List;

/**
 * One place to die at, and what must be seen of it.
 *
 * @param name crash point of the failure model, with what is special about it
 * @param plan the transaction that comes there
 * @param point the failpoint
 * @param hit which time it comes there
 * @param again the place, as {@code POINT:N}, where the next process dies as well; empty if it
 *     lives
 * @param repeats how many operations the participants see a second time
 */
record CrashCase(String name, Plan plan, String point, int hit, String again, Repeats repeats) {

    /** How many calls the coordinator may make twice because of the crash. */
    enum Repeats {
        NONE,
        ONE,
        AT_MOST_ONE,
        /** The plan itself repeats calls. */
        ANY;

        /** What these receipts show: operations that the coordinator asked for more than once. */
        static Repeats of(List<Receipt> receipts) {
            long again = receipts.stream()
                .filter(each -> !each.fromInitiator() && each.attempt() > 1).count();
            return again == 0 ? NONE : again == 1 ? ONE : ANY;
        }

        boolean allows(Repeats seen) {
            return this == ANY || this == seen || this == AT_MOST_ONE && seen != ANY;
        }
    }

    static CrashCase of(String name, Plan plan, String place, Repeats repeats) {
        String[] parts = place.split(":");
        return new CrashCase(name, plan, parts[0], Integer.parseInt(parts[1]), "", repeats);
    }

    CrashCase andAgainAt(String place) {
        return new CrashCase(name, plan, point, hit, place, repeats);
    }

    String title() {
        return name + ": " + plan + " dies at " + point + ":" + hit
            + (again.isEmpty() ? "" : ", and again at " + again);
    }
}

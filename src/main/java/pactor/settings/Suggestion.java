package pactor.settings;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** What somebody meant who wrote a name that does not exist. */
final class Suggestion {

    private Suggestion() {}

    /** The known name nearest to the given one, unless none is near. */
    static Optional<String> of(String given, Collection<String> known) {
        String best = null;
        int bestScore = Integer.MAX_VALUE;
        for (String each : known) {
            int score = score(given, each);
            if (score < bestScore) {
                best = each;
                bestScore = score;
            }
        }
        return Optional.ofNullable(best);
    }

    /** {@code "; did you mean X?"}, or nothing. */
    static String phrase(String given, Collection<String> known) {
        return of(given, known).map(name -> "; did you mean " + name + "?").orElse("");
    }

    /** Slips between the two names; {@link Integer#MAX_VALUE} if they are too different. */
    private static int score(String given, String known) {
        int whole = withinReach(plain(given), plain(known));
        int belowRoot = withinReach(plain(given), plain(afterFirst(known)));
        // The right name in the wrong section counts as two slips more.
        String last = plain(afterLast(given));
        int leaf = last.length() < 4 || distance(last, plain(afterLast(known))) > 1
            ? Integer.MAX_VALUE : 2 + distance(last, plain(afterLast(known)));
        return Math.min(whole, Math.min(belowRoot, leaf));
    }

    private static int withinReach(String one, String other) {
        int slips = distance(one, other);
        return slips <= Math.max(1, Math.min(one.length(), other.length()) / 4)
            ? slips : Integer.MAX_VALUE;
    }

    private static String plain(String name) {
        return name.toLowerCase(Locale.ROOT).replaceAll("[._-]", "");
    }

    private static String afterFirst(String name) {
        return name.substring(name.indexOf('.') + 1);
    }

    private static String afterLast(String name) {
        return name.substring(name.lastIndexOf('.') + 1);
    }

    /** Insertions, deletions, changes and swaps of neighbours that lead from one to the other. */
    static int distance(String one, String other) {
        int[][] slips = new int[one.length() + 1][other.length() + 1];
        for (int i = 0; i <= one.length(); i++) {
            for (int j = 0; j <= other.length(); j++) {
                if (i == 0 || j == 0) {
                    slips[i][j] = i + j;
                    continue;
                }
                int change = one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1;
                int least = Math.min(slips[i - 1][j - 1] + change,
                    1 + Math.min(slips[i - 1][j], slips[i][j - 1]));
                boolean swapped = i > 1 && j > 1 && one.charAt(i - 1) == other.charAt(j - 2)
                    && one.charAt(i - 2) == other.charAt(j - 1);
                slips[i][j] = swapped ? Math.min(least, slips[i - 2][j - 2] + 1) : least;
            }
        }
        return slips[one.length()][other.length()];
    }
}

package simulation;

import java.util.ArrayList;
import java.util.List;

/**
 * Goes through all combinations of choices, one schedule after the other: the first takes the first
 * of each, and each next one changes the last choice that has an alternative left.
 */
final class Choices {

    private final List<int[]> path = new ArrayList<>();
    private int depth;

    /** @return a number from 0 to {@code of} - 1 */
    int pick(int of) {
        if (depth == path.size()) {
            path.add(new int[] {0, of});
        }
        int[] choice = path.get(depth++);
        if (choice[1] != of) {
            throw new IllegalStateException("the same choices led to another question");
        }
        return choice[0];
    }

    /** On to the next schedule; false if there is none. */
    boolean next() {
        depth = 0;
        while (!path.isEmpty()) {
            int[] last = path.get(path.size() - 1);
            if (++last[0] < last[1]) {
                return true;
            }
            path.remove(path.size() - 1);
        }
        return false;
    }

    @Override
    public String toString() {
        return path.stream().map(choice -> choice[0] + "/" + choice[1]).toList().toString();
    }
}

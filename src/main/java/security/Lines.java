package security;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The lines of a file that people write: empty ones, and those after a {@code #}, say nothing. */
final class Lines {

    /** Of one file: far more than there are services, and read in a few milliseconds. */
    static final int MOST = 10_000;

    private Lines() {}

    /** @throws IllegalArgumentException with the number of the line and what is wrong with it */
    static <T> List<T> read(List<String> lines, Function<String, T> line) {
        List<T> read = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String text = lines.get(i).strip();
            if (text.isEmpty() || text.startsWith("#")) {
                continue;
            }
            try {
                read.add(line.apply(text));
            } catch (IllegalArgumentException wrong) {
                throw new IllegalArgumentException("line " + (i + 1) + ": " + wrong.getMessage());
            }
            if (read.size() > MOST) {
                throw new IllegalArgumentException("there are more than " + MOST + " lines");
            }
        }
        return read;
    }
}

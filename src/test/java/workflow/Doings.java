package workflow;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** What a client has done, in a file that outlives it: a line each, written before it goes on. */
final class Doings {

    /** What happened to a step, or to the whole. */
    enum What {
        /** The step's work was done. */
        DONE,
        /** The coordinator has acknowledged its result. */
        RECORDED,
        /** Its result was read from the coordinator's record, and the work was not done again. */
        REPLAYED,
        /** The coordinator has acknowledged the end. */
        FINISHED,
        /** The end was read from the coordinator's record. */
        SEEN_FINISHED
    }

    /** @param step {@code branch-op}, or the status of the whole */
    record Doing(What what, String step, String hex) {}

    private final Path file;

    Doings(Path file) {
        this.file = file;
    }

    void add(What what, String step, byte[] result) {
        String line = what + " " + step + " " + HexFormat.of().formatHex(result) + "\n";
        try {
            Files.write(file, line.getBytes(StandardCharsets.UTF_8),
                StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    List<Doing> all() {
        List<Doing> all = new ArrayList<>();
        try {
            for (String line : Files.exists(file) ? Files.readAllLines(file) : List.<String>of()) {
                String[] fields = line.split(" ", -1);
                all.add(new Doing(What.valueOf(fields[0]), fields[1], fields[2]));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return all;
    }
}

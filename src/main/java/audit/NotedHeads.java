package audit;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What was noted of the log outside the database: lines of {@link HeadNotes}, in files of their own
 * or anywhere in lines of a server's log. Not thread-safe.
 */
public final class NotedHeads {

    private static final Pattern LINE =
        Pattern.compile("pactor-audit-(head|next) ([0-9]{1,18}) ([0-9a-f]{64})");

    private final NavigableMap<Long, List<Note>> byNumber = new TreeMap<>();
    private final Map<Long, Set<String>> announced = new HashMap<>();

    /** One line. @param where its file and the number of the line */
    record Note(String seal, String where) {}

    /**
     * Adds what is noted in {@code file}. Blocks.
     *
     * @return how many rows are noted there
     * @throws IOException if it cannot be read
     */
    public int read(Path file) throws IOException {
        int found = 0;
        // Another program's log may be in any encoding, and ours is within ASCII.
        try (BufferedReader in = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
            int number = 0;
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                number++;
                Matcher head = LINE.matcher(line);
                if (head.find()) {
                    Head told = new Head(Long.parseLong(head.group(2)), head.group(3));
                    if (head.group(1).equals("head")) {
                        found++;
                        add(told, file.getFileName() + ":" + number);
                    } else {
                        announced.computeIfAbsent(told.number(), none -> new HashSet<>(2))
                            .add(told.seal());
                    }
                }
            }
        }
        return found;
    }

    void add(Head head, String where) {
        List<Note> notes =
            byNumber.computeIfAbsent(head.number(), number -> new ArrayList<>(1));
        if (notes.stream().noneMatch(each -> each.seal().equals(head.seal()))) {
            notes.add(new Note(head.seal(), where));
        }
    }

    public boolean isEmpty() {
        return byNumber.isEmpty();
    }

    /** Whether a node was about to write that row. */
    boolean isAnnounced(Head head) {
        return announced.getOrDefault(head.number(), Set.of()).contains(head.seal());
    }

    /** The lowest number that is noted; only where {@link #isEmpty} is false. */
    long first() {
        return byNumber.firstKey();
    }

    List<Note> of(long number) {
        return byNumber.getOrDefault(number, List.of());
    }

    NavigableMap<Long, List<Note>> after(long number) {
        return byNumber.tailMap(number, false);
    }
}

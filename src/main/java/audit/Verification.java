package audit;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Goes over the log row by row and says in words what was done to it. It is told the rows in the
 * order of their numbers, those that were exported and removed first, and then where the database
 * believes that the log ends. Not thread-safe.
 */
public final class Verification {

    /** Intents without a result that are told one by one. */
    private static final int OPEN_MAX = 1_000;

    private final Seals seals;
    private final NotedHeads noted;
    private final List<String> faults = new ArrayList<>();
    private final Map<Long, Row> open = new LinkedHashMap<>();
    private final Set<String> unknownKeys = new LinkedHashSet<>();
    private Row last;
    private long rows;
    private boolean lastIsTrue = true;

    /**
     * @param seals with all keys that there ever were; {@link Seals#UNKEYED} if there was none
     * @param noted what was noted outside the database
     */
    public Verification(Seals seals, NotedHeads noted) {
        this.seals = seals;
        this.noted = noted;
    }

    /** The next row. */
    public void row(Row row) {
        rows++;
        boolean follows = inOrder(row);
        boolean isTrue = isTrue(row);
        if (follows && isTrue && lastIsTrue && !row.former().equals(
                last == null ? Row.NOTHING : last.seal())) {
            faults.add(last == null ? "row 1 was not the first when it was written"
                : "row " + last.number() + " is not the one that row " + row.number()
                    + " was written after: one of them was put in the place of another");
        }
        if (last != null && !last.key().isEmpty() && row.key().isEmpty()) {
            faults.add("row " + row.number() + " is sealed without a key, although row "
                + last.number() + " has one: it was put there by somebody without the key");
        }
        compare(row);
        remember(row);
        last = row;
        lastIsTrue = isTrue;
    }

    private boolean inOrder(Row row) {
        long expected = last == null ? 1 : last.number() + 1;
        if (row.number() == expected) {
            return true;
        }
        if (row.number() < expected) {
            faults.add("row " + row.number() + " stands there twice, or behind row "
                + last.number());
        } else {
            faults.add(range(expected, row.number() - 1) + " missing"
                + (last == null ? ", at the beginning; if they were exported and removed, name"
                    + " the export (--exported)" : ", before row " + row.number()));
        }
        return false;
    }

    private boolean isTrue(Row row) {
        Optional<String> made = seals.made(row);
        if (made.isEmpty()) {
            if (unknownKeys.add(row.key())) {
                faults.add("row " + row.number() + " is sealed with the key " + plain(row.key())
                    + ", which is not in the key file (pactor.security.audit.key-file): neither"
                    + " it nor others with that key can be checked");
            }
            return false;
        }
        if (!made.get().equals(row.seal())) {
            faults.add("row " + row.number() + " was changed: what it says does not fit its seal ("
                + shown(row) + ")");
            return false;
        }
        return true;
    }

    /** With a key only those who have it add rows; without, a row must be noted elsewhere. */
    private void compare(Row row) {
        List<NotedHeads.Note> notes = noted.of(row.number());
        for (NotedHeads.Note note : notes) {
            if (!note.seal().equals(row.seal())) {
                faults.add("row " + row.number() + " is not the one that " + note.where()
                    + " knows: it was replaced, or an older copy of the database was put back");
            }
        }
        boolean mustBeNoted =
            row.key().isEmpty() && !noted.isEmpty() && row.number() >= noted.first();
        if (notes.isEmpty() && mustBeNoted && !noted.isAnnounced(Head.of(row))) {
            faults.add("row " + row.number() + " is noted nowhere outside the database: it was put"
                + " there behind the server's back, or the notes of a node are missing here"
                + " (--heads): " + shown(row));
        }
    }

    private void remember(Row row) {
        if (row.act().kind() == Act.Kind.INTENT && open.size() < OPEN_MAX) {
            open.put(row.number(), row);
        } else if (row.act().kind() == Act.Kind.RESULT) {
            open.remove(row.act().about());
        }
    }

    /**
     * To be called once, after the last row.
     *
     * @param head where the database says that it ends; empty if it does not say
     */
    public void end(Optional<Head> head) {
        long newest = last == null ? 0 : last.number();
        if (head.isEmpty()) {
            faults.add("the row of pactor_audit_head is missing");
        } else if (head.get().number() > newest) {
            faults.add(range(newest + 1, head.get().number())
                + " missing at the end: the head says that there are " + head.get().number());
        } else if (head.get().number() < newest) {
            faults.add(range(head.get().number() + 1, newest, "was put", "were put")
                + " behind the head, which says that there are " + head.get().number());
        } else if (!head.get().seal().equals(last == null ? Row.NOTHING : last.seal())) {
            faults.add("the head is not that of row " + newest + ", the newest: one was replaced");
        }
        var gone = noted.after(newest);
        if (!gone.isEmpty()) {
            faults.add(range(newest + 1, gone.lastKey()) + " missing at the end: "
                + gone.lastEntry().getValue().get(0).where() + " knows row " + gone.lastKey()
                + "; they were removed, or an older copy of the database was put back");
        }
        if (last != null && seals.isKeyed() && last.key().isEmpty()) {
            faults.add("row " + newest + ", the newest, is sealed without a key, although there is"
                + " one: all rows may have been made anew by somebody without it, or no server"
                + " was started since the key was set");
        }
    }

    /** What is wrong, a line each; empty if all is well. */
    public List<String> faults() {
        return List.copyOf(faults);
    }

    /** What was begun and has no result, a line each: a node was killed, or lost its database. */
    public List<String> unfinished() {
        return open.values().stream().map(row -> "row " + row.number()
            + " has no result, so what it tells of was done or not: " + shown(row)).toList();
    }

    public long rows() {
        return rows;
    }

    /** The newest row; empty if there is none. */
    public Optional<Row> newest() {
        return Optional.ofNullable(last);
    }

    private static String range(long from, long to) {
        return range(from, to, "is", "are");
    }

    private static String range(long from, long to, String one, String many) {
        return from == to ? "row " + from + " " + one
            : "rows " + from + " to " + to + " " + many;
    }

    private static String shown(Row row) {
        return plain(row.act().who() + ": " + row.act().action() + " " + row.act().target());
    }

    private static String plain(String text) {
        StringBuilder shown = new StringBuilder();
        text.codePoints().limit(300).forEach(each ->
            shown.appendCodePoint(Character.isISOControl(each) ? '?' : each));
        return shown.toString().strip();
    }
}

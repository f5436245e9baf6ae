package codec;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import transaction.Attempt;
import transaction.BranchOp;
import transaction.Bytes;
import transaction.Command;
import transaction.Details;
import transaction.Entry;
import transaction.Event;
import transaction.Notice;
import transaction.Reply;

/** The table of numbers in docs/decisions/0008-format.md is what the code writes. */
class FormatPageTest {

    private static final Path PAGE = Path.of("docs/decisions/0008-format.md");

    private static final Pattern FIELD = Pattern.compile("(\\d+) (\\w+)");

    /** Fields whose name is not that of the record in them. */
    private static final Map<String, String> RECORDS = Map.of("steps", "step", "ops", "operation",
        "inquiry", "operation", "events", "event", "notice", "live event",
        "actionOptions", "call options", "compensateOptions", "call options", "callOptions",
        "call options");

    /** A name and a number of each record that was seen, with the record's name. */
    private final Map<String, TreeMap<Integer, String>> seen = new TreeMap<>();

    @Test
    void theNumbersInUseAreThoseOfThePage() throws IOException {
        writeAll();
        Map<String, TreeMap<Integer, String>> page = column(1);

        // Each order of a concurrent saga is a record of its own, within the details.
        seen.remove("after");
        assertEquals(page, seen);
    }

    @Test
    void noReservedNumberIsInUse() throws IOException {
        writeAll();
        column(2).forEach((record, reserved) -> {
            Set<Integer> both = new HashSet<>(reserved.keySet());
            both.retainAll(seen.get(record).keySet());
            assertEquals(Set.of(), both, record);
        });
        assertTrue(column(2).get("event").size() >= 5);
    }

    private static Map<String, TreeMap<Integer, String>> column(int column) throws IOException {
        Map<String, TreeMap<Integer, String>> records = new TreeMap<>();
        for (String line : Files.readAllLines(PAGE)) {
            String[] cells = line.replaceAll("\\([^)]*\\)", "").split("\\|", -1);
            if (cells.length == 5 && FIELD.matcher(cells[2]).find()) {
                TreeMap<Integer, String> fields = new TreeMap<>();
                Matcher field = FIELD.matcher(cells[column + 1]);
                while (field.find()) {
                    fields.put(Integer.valueOf(field.group(1)), field.group(2));
                }
                records.put(cells[1].strip().replaceFirst(",.*", ""), fields);
            }
        }
        return records;
    }

    private void writeAll() {
        Stream.of(Event.class.getPermittedSubclasses()).map(type -> (Event) Examples.of(type))
            .forEach(event -> EventFields.write(
                new Seen("entry"), new Entry(List.of(later(event), event), null)));
        for (Details details : List.of(new Details.Delay(7),
                new Details.Named("name", Bytes.utf8("data")))) {
            EventFields.write(new Seen("entry"), new Entry(
                List.of(new Examples(details).record(Event.Opened.class)), null));
        }
        EventFields.write(new Seen("entry"), new Entry(
            List.of(Examples.of(Event.Hurried.class)), null, Examples.of(Attempt.class)));
        BranchOp op = Examples.of(BranchOp.class);
        EventFields.write(new Seen("entry"), new Entry(
            List.of(new Event.BranchesJoined(List.of(op, op), op.createdAt())), null));
        Examples.ofEach(Command.class).filter(each -> !(each instanceof Command.BranchReturned))
            .forEach(each -> CommandFields.write(new Seen("command"), each));
        Examples.ofEach(Reply.class)
            .forEach(each -> ReplyFields.write(new Seen("reply"), each));
        Examples.ofEach(Notice.class)
            .forEach(each -> NoticeFields.write(new Seen("live event"), each));
    }

    private static Event later(Event event) {
        return new Event.Hurried(event.at().minusSeconds(1));
    }

    private final class Seen implements FieldWriter {

        private final String record;

        Seen(String record) {
            this.record = record;
        }

        private FieldWriter note(int number, String name) {
            String before = seen.computeIfAbsent(record, first -> new TreeMap<>())
                .put(number, name);
            assertTrue(before == null || before.equals(name), record + " " + number + " is "
                + before + " and " + name);
            return this;
        }

        @Override
        public FieldWriter text(int number, String name, String text) {
            return note(number, name);
        }

        @Override
        public FieldWriter bytes(int number, String name, Bytes bytes) {
            return note(number, name);
        }

        @Override
        public FieldWriter number(int number, String name, long value) {
            return note(number, name);
        }

        @Override
        public FieldWriter instant(int number, String name, Instant at) {
            return note(number, name);
        }

        @Override
        public FieldWriter moment(int number, String name, Instant at) {
            return note(number, name);
        }

        @Override
        public FieldWriter duration(int number, String name, Duration time) {
            return note(number, name);
        }

        @Override
        public <T> FieldWriter record(
                int number, String name, T value, BiConsumer<FieldWriter, T> fields) {
            if (value != null) {
                fields.accept(new Seen(RECORDS.getOrDefault(name, name)), value);
            }
            return note(number, name);
        }

        @Override
        public FieldWriter texts(int number, String name, Collection<String> texts) {
            return note(number, name);
        }

        @Override
        public FieldWriter numbers(int number, String name, Collection<Integer> values) {
            return note(number, name);
        }

        @Override
        public <T> FieldWriter records(int number, String name, Collection<? extends T> values,
                BiConsumer<FieldWriter, T> fields) {
            values.forEach(each -> record(number, name, each, fields));
            return note(number, name);
        }

        @Override
        public FieldWriter map(int number, String name, Map<String, String> entries) {
            return note(number, name);
        }

        @Override
        public FieldWriter at(Instant whole) {
            return this;
        }
    }
}

package pactor.cli.operator;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import pactor.settings.ControlCharacters;

/**
 * Rows under a head, with aligned columns. A column in which no row has anything is left out. On a
 * terminal the last column is cut where the line would be wider than it; elsewhere nothing is.
 */
final class Table {

    private static final String GAP = "  ";
    private static final String NOTHING = "-";

    /** A last column narrower than that says nothing. */
    private static final int LAST_COLUMNS_MIN = 20;

    private final List<List<String>> rows = new ArrayList<>();

    Table(String... heads) {
        rows.add(List.of(heads));
    }

    /** @param cells as many as there are heads; what is empty is shown as a dash */
    Table row(Object... cells) {
        rows.add(Stream.of(cells).map(cell -> ControlCharacters.escaped(cell.toString()))
            .map(text -> text.isEmpty() ? NOTHING : text).toList());
        return this;
    }

    boolean isEmpty() {
        return rows.size() == 1;
    }

    /**
     * The lines of the table.
     *
     * @param width of the terminal; 0 if there is none
     * @param isColoured whether heads and words that tell a state are marked
     */
    List<String> lines(int width, boolean isColoured) {
        List<List<String>> rows = filled();
        int last = rows.get(0).size() - 1;
        int[] widths = new int[last];
        rows.forEach(row -> {
            for (int i = 0; i < last; i++) {
                widths[i] = Math.max(widths[i], Columns.of(row.get(i)));
            }
        });
        int before = IntStream.of(widths).sum()
            + last * GAP.length();
        int room = width == 0 ? Integer.MAX_VALUE : Math.max(LAST_COLUMNS_MIN, width - before);
        List<String> lines = new ArrayList<>();
        for (List<String> row : rows) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i <= last; i++) {
                String text = i < last ? row.get(i) : Columns.cut(row.get(i), room);
                Colour colour = row == rows.get(0) ? Colour.HEAD : Colour.ofWord(text);
                line.append(colour.of(text, isColoured));
                if (i < last) {
                    line.append(" ".repeat(widths[i] - Columns.of(text))).append(GAP);
                }
            }
            lines.add(line.toString());
        }
        return lines;
    }

    /** The rows without the columns that are empty throughout. */
    private List<List<String>> filled() {
        int[] columns = IntStream.range(0, rows.get(0).size())
            .filter(i -> isEmpty() || rows.stream().skip(1)
                .anyMatch(row -> !row.get(i).equals(NOTHING)))
            .toArray();
        return rows.stream()
            .map(row -> IntStream.of(columns).mapToObj(row::get).toList()).toList();
    }
}

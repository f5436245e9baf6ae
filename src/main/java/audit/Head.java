package audit;

/**
 * Where the log ended at some time.
 *
 * @param number of its newest row; 0 if there was none
 * @param seal of that row, in hex
 */
public record Head(long number, String seal) {

    static Head of(Row row) {
        return new Head(row.number(), row.seal());
    }

    /** As it stands in files and in the server's log; {@link NotedHeads} finds it there. */
    public String line() {
        return "pactor-audit-head " + number + " " + seal;
    }

    /** The same for one that comes to be, unless its commit fails. */
    String announcement() {
        return "pactor-audit-next " + number + " " + seal;
    }
}

package io.pactor.client.participant;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of the barrier's table, with its schema or without, as it stands in a statement: it is
 * not quoted, so the database takes it in the case that it uses.
 *
 * @param qualified such as {@code barrier} or {@code dtm_barrier.barrier}
 */
record TableName(String qualified) {

    /** What a part may have, so that the names made from it fit PostgreSQL's 63 characters. */
    static final int PART_MAX = 48;

    /** As it goes into statements as text, it is letters, digits and underscores, and no more. */
    private static final Pattern PATTERN = Pattern.compile(
        "((?:[A-Za-z_]\\w{0,47}\\.){0,2})([A-Za-z_]\\w{0,47})");

    static final TableName DEFAULT = new TableName("barrier");

    /** @throws IllegalArgumentException if it is no such name */
    TableName {
        if (!PATTERN.matcher(qualified).matches()) {
            throw new IllegalArgumentException("'" + qualified + "' is no name for a table:"
                + " letters, digits and underscores, at most " + PART_MAX
                + ", with a schema and a dot before it if need be");
        }
    }

    /** Without the schema. */
    String simple() {
        return parts().group(2);
    }

    /** Of the table that keeps the replies, in the same schema. */
    String replies() {
        return qualified + "_reply";
    }

    private Matcher parts() {
        Matcher parts = PATTERN.matcher(qualified);
        if (!parts.matches()) {
            throw new IllegalStateException(qualified);
        }
        return parts;
    }
}

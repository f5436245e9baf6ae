package store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import store.PayloadCipher.Column;
import transaction.Context;
import transaction.Details;
import transaction.InvalidRequest;
import transaction.Limits;
import transaction.Mode;
import transaction.Protocol;
import transaction.Status;
import transaction.Submission;
import transaction.Summary;
import transaction.Trouble;
import transaction.Waiting;

/**
 * One row of the index with what places it in a list.
 *
 * @param openedAt microseconds since 1970
 * @param id grows with time; tells apart what was opened in the same moment
 */
record TransactionRow(long openedAt, long id, Summary summary) {

    static final String COLUMNS = "id, gid, mode, status, opened_at, updated_at, due_at,"
        + " retry_millis, protocol, query_prepared, custom_data, options, reason, result,"
        + " quarantine, namespace, attributes, waits_for";

    /** The same as a list shows it. */
    static final String LISTED = COLUMNS.replace("custom_data", listed("custom_data"))
        .replace("result", listed("result"));

    /** How many characters of a row that is of no fixed length. */
    static final String LISTED_CHARS = "CHAR_LENGTH(query_prepared) + CHAR_LENGTH(options)"
        + " + CHAR_LENGTH(reason) + CHAR_LENGTH(quarantine)"
        + " + COALESCE(CHAR_LENGTH(attributes), 0) + CHAR_LENGTH(" + listed("custom_data")
        + ") + CHAR_LENGTH(" + listed("result") + ")";

    /** The same with what keeps the transaction from going on. */
    TransactionRow in(Trouble trouble) {
        return new TransactionRow(openedAt, id, summary.in(trouble));
    }

    /** The row that {@code row} stands on, selected by {@link #COLUMNS}. */
    static TransactionRow read(ResultSet row, PayloadCipher cipher) throws SQLException {
        long openedAt = row.getLong(5);
        long due = row.getLong(7);
        Instant dueAt = row.wasNull() ? null : Micros.toInstant(due);
        var owner = new PayloadCipher.Owner(row.getString(2), openedAt);
        Submission submission = new Submission(owner.gid(), mode(row.getString(3)), List.of(),
            row.getString(10), protocol(row.getString(9)),
            cipher.textOf(owner, Column.CUSTOM_DATA, row.getString(11)), Details.PLAIN,
            EventCodec.optionsFromText(cipher.textOf(owner, Column.OPTIONS, row.getString(12))),
            new Context(row.getString(16), EventCodec.attributesFromText(row.getString(17)), "",
                ""));
        return new TransactionRow(openedAt, row.getLong(1), new Summary(submission,
            status(row.getString(4)), cipher.textOf(owner, Column.REASON, row.getString(13)),
            cipher.textOf(owner, Column.RESULT, row.getString(14)), Micros.toInstant(openedAt),
            Micros.toInstant(row.getLong(6)), dueAt, Duration.ofMillis(row.getLong(8)),
            row.getString(15), waiting(row.getString(18))));
    }

    /**
     * What can be told of a row that cannot be read.
     *
     * @param gid empty if it is not known
     * @param why in a few words
     */
    static TransactionRow unreadable(
            long openedAt, long id, Mode mode, Status status, String gid, String why) {
        Instant at = Micros.toInstant(openedAt);
        return new TransactionRow(openedAt, id, new Summary(named(gid, id, mode), status, "", "",
            at, at, null, Duration.ZERO,
            Limits.cut("this row cannot be read: " + why, Limits.REASON_CHARS)));
    }

    private static Submission named(String gid, long id, Mode mode) {
        try {
            return Submission.bare(gid, mode);
        } catch (InvalidRequest refused) {
            return Submission.bare("row-" + id, mode);
        }
    }

    /**
     * What is too long for a list stays in the database. What is encrypted was not too long for a
     * list before that, or it would not be here.
     */
    private static String listed(String column) {
        return "CASE WHEN CHAR_LENGTH(" + column + ") <= " + Limits.LIST_TEXT_CHARS
            + " OR SUBSTRING(" + column + ", 1, 1) = '" + PayloadCipher.MARK + "'"
            + " THEN " + column + " ELSE '' END";
    }

    static Mode mode(String wire) {
        return Mode.of(wire).orElseThrow(() -> unknown("mode", wire));
    }

    static Status status(String wire) {
        return Status.of(wire).orElseThrow(() -> unknown("status", wire));
    }

    /** For people alone, so that one of a later release hides nothing. */
    private static Waiting waiting(String wire) {
        return wire == null ? Waiting.NOTHING : Waiting.of(wire).orElse(Waiting.NOTHING);
    }

    private static Protocol protocol(String wire) {
        return Protocol.of(wire).orElseThrow(() -> unknown("protocol", wire));
    }

    private static IllegalStateException unknown(String what, String wire) {
        return new IllegalStateException("the index has an unknown " + what + ": " + wire);
    }
}

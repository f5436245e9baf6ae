/**
 * Records of the rules as bytes, and back: the one place that knows how each of them is written.
 * The journal, the messages between nodes and live events between nodes use the same code.
 *
 * <p>A record is a row of numbered fields ({@link codec.FieldWriter}). Which number means what is
 * said once for each record, its writer above its reader: {@link codec.SubmissionFields}, {@link
 * codec.StateFields}, {@link codec.EventFields}, {@link codec.CommandFields}, {@link
 * codec.ReplyFields}, {@link codec.NoticeFields}. A new component touches its record, and one
 * writer and one reader here.
 *
 * <p>The rules of the format, and the numbers that are reserved for what comes, are in {@code
 * docs/decisions/0008-format.md}: a number never gets another meaning; what a reader does not know
 * it passes over; what is not there reads as nothing said; a mode, a status, an operation or a kind
 * is a word, and one that is not known is refused by name.
 */
package codec;

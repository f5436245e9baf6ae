package audit;

import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Something that is put on record. It holds no payload and no secret. Immutable.
 *
 * @param kind what of it is told
 * @param about the row of the intent that this is the result of; 0 if it is none
 * @param who does it
 * @param action what is done: a route, a method, or a command
 * @param target to what: a gid, a topic, a file
 * @param reason why, as far as the caller has said
 * @param before how the target was; empty if that is not known
 * @param after how it is now, likewise
 * @param result how it went: a status; empty for an intent
 */
public record Act(Kind kind, long about, Who who, String action, String target, String reason,
        String before, String after, String result) {

    /** What of an act is told. */
    public enum Kind {

        /** It is about to be done. */
        INTENT,

        /** It has been done, or has failed. */
        RESULT,

        /** It was asked for by somebody who may not do it. */
        REFUSAL,

        /** It was read. */
        READ,

        /** It was done by the server itself, or before its eyes. */
        EVENT,

        /** Somebody else's word in a column, which fits no seal. */
        UNKNOWN;

        /** Its name in the table and in files. */
        public String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The kind of that name. */
        public static Kind of(String text) {
            return Stream.of(values()).filter(each -> each.text().equals(text)).findAny()
                .orElse(UNKNOWN);
        }
    }

    public Act {
        Objects.requireNonNull(kind, "kind");
        Stream.of(who, action, target, reason, before, after, result)
            .forEach(Objects::requireNonNull);
    }

    /** What {@code who} is about to do. */
    public static Act intent(Who who, String action, String target, String reason) {
        return new Act(Kind.INTENT, 0, who, action, target, reason, "", "", "");
    }

    /** What was asked for in vain. */
    public static Act refusal(Who who, String action, String target, String result) {
        return new Act(Kind.REFUSAL, 0, who, action, target, "", "", "", result);
    }

    /** What happened to the server. */
    public static Act event(String action, String target, String before, String after) {
        return new Act(Kind.EVENT, 0, Who.system(), action, target, "", before, after, "done");
    }

    /** The same, for a target that was so before. */
    public Act from(String before) {
        return new Act(kind, about, who, action, target, reason, before, after, result);
    }

    /** What came of it. @param intent the row that says that it was to be done */
    public Act result(long intent, String after, String result) {
        return new Act(Kind.RESULT, intent, who, action, target, reason, before, after, result);
    }

    /** {@code url} as it may be told: it may hold a password, and a token in its query. */
    public static String withoutSecrets(String url) {
        return url.replaceFirst("//[^/?#]*@", "//***@").replaceFirst("(?s)[?#].*", "?***");
    }

    /** As something that was read, with this result. */
    public Act read(String result) {
        return new Act(Kind.READ, 0, who, action, target, reason, "", "", result);
    }

}

package transaction;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What keeps an unfinished transaction from going on, in the few words by which many of them are
 * told apart: why, at whom, and what came back last. It holds nothing that a participant answered.
 *
 * @param cause why; in the words of {@link Waiting}, or one of those here
 * @param participant the host and port of whom it waits for; empty if that is not known
 * @param error what went wrong last, without the url and without what was answered
 * @param attempts calls of that operation that brought no verdict
 */
public record Trouble(String cause, String participant, String error, int attempts) {

    /** Its history cannot be trusted. */
    public static final String QUARANTINED = "quarantined";

    /** Its initiator is asked how it went, and gives no answer. */
    public static final String CHECK_BACK = "check-back";

    /** Each {@link #cause} there is while something is wrong. */
    public static final List<String> CAUSES = List.of(Waiting.RETRY.wire(), Waiting.PUT_OFF.wire(),
        Waiting.CALLBACK.wire(), CHECK_BACK, Waiting.PARKED.wire(), Waiting.PAUSED.wire(),
        QUARANTINED);

    /** Nothing is wrong, and nothing ever was. */
    public static final Trouble NONE = new Trouble("", "", "", 0);

    /** Nothing is wrong any more. */
    public static final Trouble OVER = new Trouble("over", "", "", 0);

    /** The longest {@link #error}, in characters. */
    public static final int ERROR_CHARS = 200;

    /** The longest {@link #participant}: longer than a name of a host, and its port. */
    public static final int PARTICIPANT_CHARS = 300;

    private static final Pattern URL = Pattern.compile("^(put off: )?url:\\S+?:? ");

    private static final Pattern ANSWER = Pattern.compile(
        "^(return (?:failed|ongoing|error|code [^:]*)|did not return JSON-RPC): .*",
        Pattern.DOTALL);

    private static final Pattern AUTHORITY =
        Pattern.compile("^(?:[a-z]+:/{2,3}|static:)?([^/?#]*)", Pattern.CASE_INSENSITIVE);

    /** Whether something is wrong now. */
    public boolean isThere() {
        return !equals(NONE) && !equals(OVER);
    }

    /** The same without what differs among those that cannot go on for the same reason. */
    public Trouble alike() {
        return new Trouble(cause, participant, error, 0);
    }

    /** What is wrong with {@code t}. */
    public static Trouble of(GlobalTransaction t) {
        if (t.submission() == null || t.isFinal() || t.isQuarantined()) {
            return had(t);
        }
        if (t.isParked()) {
            CallKey key = t.parked().key();
            return of(Waiting.PARKED.wire(), key == null ? Optional.empty() : t.op(key),
                t.parked().reason());
        }
        if (t.isPaused()) {
            return of(Waiting.PAUSED.wire(), Optional.empty(), t.paused().reason());
        }
        Optional<BranchOp> worst = all(t).filter(op -> !op.isSettled())
            .filter(op -> op.tries() > 0 || !op.reason().isEmpty())
            .reduce((one, other) -> other.tries() > one.tries() ? other : one);
        return worst.map(op -> of(cause(t, op), worst, op.reason())).orElseGet(() -> had(t));
    }

    private static String cause(GlobalTransaction t, BranchOp op) {
        if (op == t.inquiry()) {
            return CHECK_BACK;
        }
        if (op.awaitedUntil() != null) {
            return Waiting.CALLBACK.wire();
        }
        return (op.reason().startsWith(Outcome.PUT_OFF) ? Waiting.PUT_OFF : Waiting.RETRY).wire();
    }

    private static Trouble had(GlobalTransaction t) {
        return all(t).anyMatch(op -> op.tries() > 0 || !op.backoff().equals(Backoff.NONE))
            ? OVER : NONE;
    }

    private static Stream<BranchOp> all(GlobalTransaction t) {
        return Stream.concat(t.ops().stream(), Stream.ofNullable(t.inquiry()));
    }

    private static Trouble of(String cause, Optional<BranchOp> op, String reason) {
        return new Trouble(cause, op.map(each -> participant(each.url())).orElse(""),
            error(reason), op.map(BranchOp::tries).orElse(0));
    }

    /** Of why something did not succeed, what is no url, and no answer of a participant. */
    public static String error(String reason) {
        Matcher url = URL.matcher(reason);
        String rest = url.find()
            ? (url.group(1) == null ? "" : url.group(1)) + reason.substring(url.end()) : reason;
        return Limits.cut(ANSWER.matcher(rest).replaceFirst("$1").strip(), ERROR_CHARS);
    }

    /** Whom {@code url} leads to: the host in lower case and its port; empty if it says neither. */
    public static String participant(String url) {
        if (HttpUrl.isHttp(url)) {
            try {
                HttpUrl read = HttpUrl.parse(url);
                return Limits.cut((read.host().contains(":") ? "[" + read.host() + "]"
                    : read.host()) + ":" + read.port(), PARTICIPANT_CHARS);
            } catch (InvalidRequest formerRules) {
                // Told as what it says, below.
            }
        }
        Matcher authority = AUTHORITY.matcher(url);
        String said = authority.find() ? authority.group(1) : "";
        return Limits.cut(said.substring(said.lastIndexOf('@') + 1).toLowerCase(
            Locale.ROOT), PARTICIPANT_CHARS);
    }
}

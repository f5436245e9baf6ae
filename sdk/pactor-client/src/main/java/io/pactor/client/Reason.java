package io.pactor.client;

import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The participant's own words in a rollback reason, which the coordinator keeps as
 * {@code url:http://… return failed: {"error":"no stock FAILURE"} FAILURE}.
 */
final class Reason {

    /** Answers inside answers, as when one participant passes on what another one said. */
    private static final int LEVELS_MAX = 5;

    private static final Pattern RETURNED =
        Pattern.compile("^url:(\\S+) return (?:failed|code \\d+):\\s*(.*)$", Pattern.DOTALL);
    private static final Pattern GRPC =
        Pattern.compile("^rpc error: code = \\w+ desc = (.*)$", Pattern.DOTALL);
    private static final Pattern VERDICT = Pattern.compile("[\\s.:,;]*\\bFAILURE\\s*$");

    /** Where frameworks put what they have to say, the most telling first. */
    private static final List<String> KEYS =
        List.of("message", "reason", "detail", "error", "msg", "title");

    private Reason() {}

    static String of(String rollbackReason) {
        String words = dug(rollbackReason, 0);
        if (!words.isEmpty()) {
            return words;
        }
        Matcher returned = RETURNED.matcher(rollbackReason.strip());
        return returned.matches() ? returned.group(1) + " refused and gave no reason"
            : rollbackReason.strip();
    }

    private static String dug(String text, int level) {
        String words = text.strip();
        Matcher returned = RETURNED.matcher(words);
        if (returned.matches()) {
            words = returned.group(2);
        }
        words = withoutVerdict(words);
        Matcher grpc = GRPC.matcher(words);
        if (grpc.matches()) {
            words = grpc.group(1);
        }
        return words.startsWith("{") && level < LEVELS_MAX ? fromJson(words, level) : words;
    }

    /** Unless there is no JSON at all, it is the member that tells most, or nothing. */
    private static String fromJson(String words, int level) {
        Map<String, Object> json;
        try {
            json = Fields.of((Map<?, ?>) Json.read(words));
        } catch (IllegalArgumentException e) {
            return words; // Cut off by the coordinator, perhaps: better than nothing.
        }
        for (String key : KEYS) {
            Object value = json.get(key);
            String said = value instanceof String text ? dug(text, level + 1)
                : value instanceof Map<?, ?> inner ? fromJson(Json.write(inner), level + 1) : "";
            if (!said.isBlank()) {
                return said;
            }
        }
        json.remove("dtm_result");
        return json.isEmpty() ? "" : Json.write(json);
    }

    private static String withoutVerdict(String words) {
        return VERDICT.matcher(words).replaceFirst("").strip();
    }
}

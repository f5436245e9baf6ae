package pactor.cli.operator;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Option;

/** Which transactions are meant. All that is said must be so. */
final class FilterOptions {

    @Option(names = "--status", paramLabel = "STATUS", order = 10,
        description = "prepared, submitted, aborting, succeed or failed.")
    private String status;

    @Option(names = "--mode", paramLabel = "MODE", order = 11,
        description = "saga, tcc, xa, msg or workflow.")
    private String mode;

    @Option(names = "--waiting", paramLabel = "FOR", order = 12, description =
        "initiator, delay, participant, retry, put-off, callback, parked or paused.")
    private String waiting;

    @Option(names = "--unfinished", order = 13, description = "Those that have not ended.")
    private boolean unfinished;

    @Option(names = "--parked", order = 14, description = "Those that wait for an operator.")
    private boolean parked;

    @Option(names = "--paused", order = 15, description = "Those that an operator holds back.")
    private boolean paused;

    @Option(names = "--quarantined", order = 16,
        description = "Those whose history cannot be read.")
    private boolean quarantined;

    @Option(names = "--gid-prefix", paramLabel = "TEXT", order = 17,
        description = "Those whose gid begins so.")
    private String gidPrefix;

    @Option(names = "--participant", paramLabel = "HOST[:PORT]", order = 18,
        description = "Those that wait for that participant.")
    private String participant;

    @Option(names = "--error", paramLabel = "TEXT", order = 19,
        description = "Those whose last error contains this.")
    private String error;

    @Option(names = "--error-is", paramLabel = "TEXT", order = 19,
        description = "Those whose last error is this, to the letter.")
    private String errorIs;

    @Option(names = "--cause", paramLabel = "CAUSE", order = 12, description =
        "retry, put-off, callback, check-back, parked, paused or quarantined.")
    private String cause;

    @Option(names = "--attribute", paramLabel = "KEY:VALUE", order = 20,
        description = "Those with this attribute; may be repeated.")
    private List<String> attributes = List.of();

    @Option(names = "--min-attempts", paramLabel = "N", order = 21,
        description = "Those with an operation that was called so often.")
    private Long minAttempts;

    @Option(names = "--opened-from", paramLabel = "TIME", converter = TimeText.Past.class,
        order = 22, description = "Opened since then: 2h ago, or a moment.")
    private Instant openedFrom;

    @Option(names = "--opened-to", paramLabel = "TIME", converter = TimeText.Past.class,
        order = 23, description = "Opened before then.")
    private Instant openedTo;

    @Option(names = "--updated-before", paramLabel = "TIME", converter = TimeText.Past.class,
        order = 24, description = "Nothing has happened to them since then.")
    private Instant updatedBefore;

    /** By the names of the API. */
    Map<String, Object> fields() {
        Map<String, Object> fields = new LinkedHashMap<>();
        fields.put("status", status);
        fields.put("mode", mode);
        fields.put("waiting", waiting);
        fields.put("unfinished", unfinished ? true : null);
        fields.put("parked", parked ? true : null);
        fields.put("paused", paused ? true : null);
        fields.put("quarantined", quarantined ? true : null);
        fields.put("gid_prefix", gidPrefix);
        fields.put("participant", participant);
        fields.put("error", error);
        fields.put("error_is", errorIs);
        fields.put("cause", cause);
        fields.put("attribute", attributes.isEmpty() ? null : attributes);
        fields.put("min_attempts", minAttempts);
        fields.put("opened_from", text(openedFrom));
        fields.put("opened_to", text(openedTo));
        fields.put("updated_before", text(updatedBefore));
        fields.values().removeIf(each -> each == null);
        return fields;
    }

    /** As parameters of a list. */
    Query query() {
        Query query = new Query();
        fields().forEach((name, value) -> {
            if (value instanceof List<?> several) {
                several.forEach(each -> query.add(name, each));
            } else {
                query.add(name, value);
            }
        });
        return query;
    }

    /** The options that say what a filter of the API says. */
    static String written(Json filter) {
        StringBuilder options = new StringBuilder();
        filter.fields().forEach((name, value) -> {
            List<Json> each = value.elements().isEmpty() ? List.of(value) : value.elements();
            each.forEach(one -> {
                options.append(options.isEmpty() ? "" : " ").append("--")
                    .append(name.replace('_', '-'));
                if (!one.text().equals("true")) {
                    options.append(' ').append(quoted(one.text()));
                }
            });
        });
        return options.toString();
    }

    /** As a shell takes it for one word. */
    static String quoted(String text) {
        return text.matches("[A-Za-z0-9_./:@%+,-]+") ? text
            : "'" + text.replace("'", "'\\''") + "'";
    }

    private static String text(Instant moment) {
        return moment == null ? null : moment.toString();
    }
}

package http;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import transaction.Context;
import transaction.InvalidRequest;
import transaction.Limits;
import transaction.Mode;
import transaction.Status;
import transaction.TransactionIndex;
import transaction.Trouble;
import transaction.Waiting;

/**
 * Which transactions a list is to show. A parameter that is not known is refused: passed over, it
 * would let pass what nobody asked for.
 */
record TransactionQuery(TransactionIndex.Filter filter, Paging page) {

    private static final Set<String> KNOWN = Set.of("status", "mode", "waiting", "parked",
        "paused", "quarantined", "unfinished", "gid_prefix", "cause", "participant", "error",
        "error_is", "attribute", "min_attempts", "opened_from", "opened_to", "updated_before",
        "sort", "cursor", "limit");

    /** Those that are true or false. */
    static final Set<String> FLAGS = Set.of("unfinished", "parked", "paused", "quarantined");

    private static final int YEAR_MAX = 9_999;

    private static final String NEWEST = "newest";

    private static final String OLDEST = "oldest";

    /** @throws InvalidRequest if it cannot be understood */
    static TransactionQuery of(QueryString query) {
        query.requireKnown(KNOWN);
        return new TransactionQuery(filter(query), Paging.of(query));
    }

    /** Which ones are meant, whatever page of them. */
    private static TransactionIndex.Filter filter(QueryString query) {
        return new TransactionIndex.Filter(
            ApiRoutes.said(query.text("status"), "status", Status::of),
            ApiRoutes.said(query.text("mode"), "mode", Mode::of),
            moment(query, "opened_from"), moment(query, "opened_to"),
            query.flag("quarantined"), query.flag("parked"), attributes(query), search(query));
    }

    /**
     * Those of which something else than a list is asked.
     *
     * @throws InvalidRequest if it cannot be understood, or is one that only a list has
     */
    static TransactionIndex.Filter only(QueryString query) {
        requireFilter(query);
        return filter(query);
    }

    /** @throws InvalidRequest if there is a parameter that is unknown, or that only a list has */
    static void requireFilter(QueryString query) {
        Set<String> known = new HashSet<>(KNOWN);
        known.removeAll(Set.of("sort", "cursor", "limit"));
        query.requireKnown(known);
    }

    private static TransactionIndex.Search search(QueryString query) {
        Optional<Waiting> waiting = ApiRoutes.said(query.text("waiting"), "waiting", Waiting::of);
        InvalidRequest.require(waiting.isEmpty() || !query.flag("paused"),
            "waiting and paused cannot both be asked for");
        String sort = query.text("sort");
        InvalidRequest.require(Set.of("", NEWEST, OLDEST).contains(sort),
            "sort must be " + NEWEST + " or " + OLDEST + ", not " + Limits.cut(sort, 100));
        String prefix = query.text("gid_prefix");
        InvalidRequest.require(prefix.isEmpty() || sort.isEmpty(),
            "what is searched by gid_prefix comes in the order of the gids: leave sort out");
        InvalidRequest.atMost("gid_prefix", prefix, Limits.GID_CHARS);
        InvalidRequest.atMost("participant", query.text("participant"),
            Trouble.PARTICIPANT_CHARS);
        InvalidRequest.atMost("error", query.text("error"), Trouble.ERROR_CHARS);
        InvalidRequest.atMost("error_is", query.text("error_is"), Trouble.ERROR_CHARS);
        return new TransactionIndex.Search(query.flag("unfinished"), false,
            query.flag("paused") ? Optional.of(Waiting.PAUSED) : waiting, prefix,
            cause(query), query.text("participant").toLowerCase(Locale.ROOT),
            query.text("error"), query.text("error_is"),
            (int) query.amount("min_attempts", Integer.MAX_VALUE),
            moment(query, "updated_before"), sort.equals(OLDEST));
    }

    private static String cause(QueryString query) {
        return ApiRoutes.said(query.text("cause"), "cause",
            text -> Trouble.CAUSES.stream().filter(text::equals).findFirst()).orElse("");
    }

    private static Map<String, String> attributes(QueryString query) {
        Map<String, String> attributes = new HashMap<>();
        for (String said : query.all("attribute")) {
            int colon = said.indexOf(':');
            InvalidRequest.require(colon > 0,
                "attribute must be KEY:VALUE, not " + Limits.cut(said, 100));
            InvalidRequest.require(attributes.put(
                said.substring(0, colon), said.substring(colon + 1)) == null,
                "the attribute " + Limits.cut(said.substring(0, colon), 100) + " stands twice");
        }
        Context.checkAttributes(attributes);
        return attributes;
    }

    /** RFC 3339, as all times are: its years have four digits, so every database takes them. */
    private static Optional<Instant> moment(QueryString query, String name) {
        String text = query.text(name);
        try {
            if (text.isEmpty()) {
                return Optional.empty();
            }
            OffsetDateTime at = OffsetDateTime.parse(text);
            if (at.getYear() >= 0 && at.getYear() <= YEAR_MAX) {
                return Optional.of(at.toInstant());
            }
        } catch (DateTimeParseException notOne) {
            // Told below, as a year that is none.
        }
        throw new InvalidRequest(name + " must be a time such as 2026-01-31T23:59:59Z, not "
            + Limits.cut(text, 100));
    }
}

package http;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import transaction.Context;
import transaction.InvalidRequest;
import transaction.Limits;
import transaction.Mode;
import transaction.Status;
import transaction.TransactionIndex;

/**
 * Which transactions a list is to show. A parameter that is not known is refused: passed over, it
 * would let pass what nobody asked for.
 */
record TransactionQuery(TransactionIndex.Filter filter, Paging page) {

    private static final Set<String> KNOWN = Set.of("status", "mode", "parked", "quarantined",
        "attribute", "opened_from", "opened_to", "cursor", "limit");

    /** @throws InvalidRequest if it cannot be understood */
    static TransactionQuery of(Query query) {
        query.requireKnown(KNOWN);
        return new TransactionQuery(new TransactionIndex.Filter(
            ApiRoutes.said(query.text("status"), "status", Status::of),
            ApiRoutes.said(query.text("mode"), "mode", Mode::of),
            moment(query, "opened_from"), moment(query, "opened_to"),
            query.flag("quarantined"), query.flag("parked"), attributes(query)),
            Paging.of(query));
    }

    private static Map<String, String> attributes(Query query) {
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

    /** RFC 3339, as all times are. */
    private static Optional<Instant> moment(Query query, String name) {
        String text = query.text(name);
        try {
            return text.isEmpty() ? Optional.empty()
                : Optional.of(OffsetDateTime.parse(text).toInstant());
        } catch (DateTimeParseException notOne) {
            throw new InvalidRequest(name + " must be a time such as 2026-01-31T23:59:59Z, not "
                + Limits.cut(text, 100));
        }
    }
}

package sbom;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.maven.artifact.versioning.ComparableVersion;

/**
 * Versions between those at which a fault came and went, in Maven's order, as the OSV schema has
 * it. Immutable.
 *
 * @param events at least one; in any order
 */
record VersionRange(List<Event> events) {

    /** What happened at a version. */
    enum Kind { INTRODUCED, FIXED, LAST_AFFECTED, LIMIT }

    /** @param version {@code 0} when introduced: before every version; {@code *} as limit: none */
    record Event(Kind kind, String version) {

        private boolean isBeforeAll() {
            return kind == Kind.INTRODUCED && version.equals("0");
        }

        private ComparableVersion comparable() {
            return new ComparableVersion(version);
        }
    }

    private static final Comparator<Event> IN_ORDER = (one, other) ->
        one.isBeforeAll() || other.isBeforeAll()
            ? Boolean.compare(other.isBeforeAll(), one.isBeforeAll())
            : one.comparable().compareTo(other.comparable());

    VersionRange {
        events = events.stream().sorted(IN_ORDER).toList();
    }

    boolean contains(String version) {
        ComparableVersion asked = new ComparableVersion(version);
        if (!isBelowLimits(asked)) {
            return false;
        }
        boolean inside = false;
        for (Event event : events) {
            if (event.kind == Kind.LIMIT) {
                continue;
            }
            int order = event.isBeforeAll() ? 1 : asked.compareTo(event.comparable());
            if (event.kind == Kind.LAST_AFFECTED ? order > 0 : order >= 0) {
                inside = event.kind == Kind.INTRODUCED;
            }
        }
        return inside;
    }

    /** The first version after {@code version} that no longer has the fault, if it is known. */
    Optional<String> fixAfter(String version) {
        ComparableVersion asked = new ComparableVersion(version);
        return events.stream().filter(event -> event.kind == Kind.FIXED)
            .filter(event -> event.comparable().compareTo(asked) > 0)
            .map(Event::version).findFirst();
    }

    private boolean isBelowLimits(ComparableVersion asked) {
        List<Event> limits = events.stream().filter(event -> event.kind == Kind.LIMIT).toList();
        return limits.isEmpty() || limits.stream().anyMatch(limit -> limit.version.equals("*")
            || asked.compareTo(limit.comparable()) < 0);
    }
}

package sbom;

import java.util.List;
import java.util.Optional;
import org.apache.maven.artifact.versioning.ComparableVersion;

/**
 * A published fault of some libraries. Immutable.
 *
 * @param id of the database that publishes it
 * @param aliases its ids elsewhere, such as the one that begins with CVE
 * @param summary one line; empty if there is none
 * @param isWithdrawn whether it turned out to be none
 * @param affected the libraries of Maven that have it; empty if it is about others alone
 */
public record Advisory(String id, List<String> aliases, String summary, boolean isWithdrawn,
        List<Affected> affected) {

    public Advisory {
        aliases = List.copyOf(aliases);
        affected = List.copyOf(affected);
    }

    /**
     * Which versions of a library have the fault.
     *
     * @param versions one by one
     * @param canBeTold whether the versions could be read; if not, each counts as affected
     */
    record Affected(String name, List<String> versions, List<VersionRange> ranges,
            boolean canBeTold) {

        Affected {
            versions = List.copyOf(versions);
            ranges = List.copyOf(ranges);
        }

        private boolean has(Component component) {
            return name.equals(component.name()) && (!canBeTold
                || isListed(component.version())
                || ranges.stream().anyMatch(range -> range.contains(component.version())));
        }

        private boolean isListed(String version) {
            ComparableVersion asked = new ComparableVersion(version);
            return versions.stream()
                .anyMatch(each -> asked.compareTo(new ComparableVersion(each)) == 0);
        }

        private String fix(String version) {
            Optional<String> fix = ranges.stream().filter(range -> range.contains(version))
                .flatMap(range -> range.fixAfter(version).stream()).findFirst();
            return fix.map(each -> "fixed in " + each).orElse(
                canBeTold ? "no fix is named" : "it names no versions of Maven");
        }
    }

    /** What to do about {@code component}; empty if it does not have the fault. */
    public Optional<String> concerns(Component component) {
        return isWithdrawn ? Optional.empty() : affected.stream()
            .filter(each -> each.has(component)).findFirst()
            .map(each -> each.fix(component.version()));
    }

    /** Whether {@code name} is its id or an alias of it. */
    public boolean isNamed(String name) {
        return id.equals(name) || aliases.contains(name);
    }
}

package credential;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All credentials at one time. Immutable, but for the tokens that they fetch. */
final class Known {

    static final Known NOTHING = new Known(List.of());

    private final List<CredentialEntry> all;

    /** By origin; the longest path first. */
    private final Map<Site, List<CredentialEntry>> headers = new HashMap<>();

    private final Map<Site, Identity> identities = new HashMap<>();

    /** @throws IllegalArgumentException if two of them are for the same */
    Known(List<CredentialEntry> all) {
        this.all = List.copyOf(all);
        for (CredentialEntry each : all) {
            Site site = each.line().site();
            boolean isSecond;
            if (each.identity().isPresent()) {
                isSecond = identities.put(site, each.identity().get()) != null;
            } else {
                List<CredentialEntry> there =
                    headers.computeIfAbsent(site.origin(), origin -> new ArrayList<>());
                isSecond = there.stream().anyMatch(other -> other.line().site().equals(site));
                there.add(each);
            }
            if (isSecond) {
                throw new IllegalArgumentException("there are two lines for " + site);
            }
        }
        headers.values().forEach(each -> each.sort(Comparator.comparing(
            entry -> -entry.line().site().path().length())));
    }

    Optional<Credential> header(Site site) {
        return headers.getOrDefault(site.origin(), List.of()).stream()
            .filter(each -> each.line().site().covers(site)).findFirst()
            .flatMap(CredentialEntry::header);
    }

    boolean hasHeaders() {
        return !headers.isEmpty();
    }

    Optional<Identity> identity(Site site) {
        return identities.isEmpty() ? Optional.empty()
            : Optional.ofNullable(identities.get(site.origin()));
    }

    List<String> tokenUrls() {
        return all.stream().map(each -> each.line().what())
            .filter(CredentialLine.OAuth2.class::isInstance)
            .map(each -> ((CredentialLine.OAuth2) each).asked().url()).distinct().toList();
    }

    /** That of the same line, if its files held the same. */
    Optional<CredentialEntry> entry(CredentialLine line, List<byte[]> contents) {
        return all.stream().filter(each -> each.isOf(line, contents)).findFirst();
    }

    /** Whether it has the same entries. */
    boolean isSame(Known other) {
        return all.equals(other.all);
    }
}

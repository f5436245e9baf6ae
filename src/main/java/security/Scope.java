package security;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import transaction.Mode;

/**
 * The transactions that a caller may begin and see: those whose gid fits one of the patterns, in
 * one of the modes. Immutable.
 *
 * @param gids patterns: a gid, or the beginning of gids with a {@code *} after it
 * @param modes empty for all
 */
public record Scope(List<String> gids, Set<Mode> modes) {

    /** Every transaction. */
    public static final Scope ALL = new Scope(List.of("*"), Set.of());

    /** Patterns of one scope: more is a list that nobody reads. */
    static final int PATTERNS_MAX = 32;

    /** The longest pattern: a new gid of its own has to fit behind it. */
    static final int PATTERN_CHARS_MAX = 80;

    public Scope {
        gids = List.copyOf(gids);
        modes = Set.copyOf(modes);
    }

    /**
     * Reads {@code orders-*} or {@code orders-*,stock-*:saga,tcc}.
     *
     * @throws IllegalArgumentException with what is wrong
     */
    static Scope of(String text) {
        String[] parts = text.split(":", -1);
        if (parts.length > 2) {
            throw new IllegalArgumentException("a scope is GIDS or GIDS:MODES, not " + text);
        }
        List<String> patterns = new ArrayList<>();
        for (String pattern : parts[0].split(",", -1)) {
            int star = pattern.indexOf('*');
            if (pattern.isBlank() || star >= 0 && star < pattern.length() - 1) {
                throw new IllegalArgumentException("a pattern of gids is a gid, or the beginning"
                    + " of gids and a *, not \"" + pattern + "\"");
            }
            if (pattern.length() > PATTERN_CHARS_MAX) {
                throw new IllegalArgumentException("a pattern of gids has at most "
                    + PATTERN_CHARS_MAX + " characters");
            }
            patterns.add(pattern);
        }
        if (patterns.size() > PATTERNS_MAX) {
            throw new IllegalArgumentException("a scope has at most " + PATTERNS_MAX
                + " patterns of gids");
        }
        Set<Mode> modes = new HashSet<>();
        if (parts.length == 2) {
            for (String mode : parts[1].split(",", -1)) {
                modes.add(Mode.of(mode).orElseThrow(() ->
                    new IllegalArgumentException("there is no mode \"" + mode + "\"")));
            }
        }
        return new Scope(patterns, modes);
    }

    /** Whether it lets everything pass. */
    public boolean isAll() {
        return modes.isEmpty() && gids.contains("*");
    }

    /** Whether a transaction of that gid lies in it, as far as the gid says. */
    public boolean covers(String gid) {
        for (String pattern : gids) {
            if (isMany(pattern) ? gid.startsWith(beginOf(pattern)) : gid.equals(pattern)) {
                return true;
            }
        }
        return false;
    }

    /**
     * The patterns of the gids that lie in it and begin with {@code prefix}, in their order; no gid
     * fits two of them.
     */
    List<String> within(String prefix) {
        List<String> own = new ArrayList<>();
        for (String pattern : gids) {
            String begin = beginOf(pattern);
            if (begin.startsWith(prefix)) {
                own.add(pattern);
            } else if (isMany(pattern) && prefix.startsWith(begin)) {
                own.add(prefix + "*");
            }
        }
        return own.stream().distinct().filter(each -> own.stream().noneMatch(other ->
                !other.equals(each) && isMany(other) && each.startsWith(beginOf(other))))
            .sorted().toList();
    }

    static boolean isMany(String pattern) {
        return pattern.endsWith("*");
    }

    /** What the gids begin with that fit; the gid if it is one. */
    static String beginOf(String pattern) {
        return isMany(pattern) ? pattern.substring(0, pattern.length() - 1) : pattern;
    }

    public boolean covers(Mode mode) {
        return modes.isEmpty() || modes.contains(mode);
    }

    /** What a new gid begins with so that it lies in the scope; empty if it has no room for one. */
    Optional<String> prefix() {
        return gids.stream().filter(Scope::isMany).map(Scope::beginOf).findFirst();
    }

    /** As it is written in configuration. */
    public String text() {
        return String.join(",", gids) + (modes.isEmpty() ? "" : ":"
            + String.join(",", modes.stream().map(Mode::wire).sorted().toList()));
    }

    @Override
    public String toString() {
        return text();
    }
}

package http;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A path of which some segments stand for any: {@code /api/v1/transactions/{gid}/explain}.
 *
 * @param segments the fixed ones as they are, and the others as a name in braces
 */
record PathTemplate(List<String> segments) {

    static PathTemplate of(String path) {
        return new PathTemplate(Stream.of(path.split("/")).filter(each -> !each.isEmpty())
            .toList());
    }

    /** Whether it stands for one path only. */
    boolean isFixed() {
        return segments.stream().noneMatch(PathTemplate::isName);
    }

    /**
     * What stands for each name if {@code path} is one of those it stands for.
     *
     * @param path its segments, decoded; none of them empty
     */
    Optional<Map<String, String>> match(List<String> path) {
        if (path.size() != segments.size()) {
            return Optional.empty();
        }
        Map<String, String> names = new LinkedHashMap<>();
        for (int i = 0; i < path.size(); i++) {
            String segment = segments.get(i);
            if (isName(segment)) {
                names.put(segment.substring(1, segment.length() - 1), path.get(i));
            } else if (!segment.equals(path.get(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(names);
    }

    /** The last fixed segment in lower case; empty if there is none. */
    String lastFixed() {
        return segments.stream().filter(each -> !isName(each))
            .reduce("", (before, last) -> last).toLowerCase(Locale.ROOT);
    }

    private static boolean isName(String segment) {
        return segment.startsWith("{") && segment.endsWith("}");
    }
}

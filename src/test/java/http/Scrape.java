package http;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a scrape of {@code /api/metrics} says, in Prometheus' text format. */
final class Scrape {

    private static final Pattern LABEL =
        Pattern.compile("([a-zA-Z_][a-zA-Z0-9_]*)=\"((?:[^\"\\\\\n]|\\\\[\\\\\"n])*)\",?");
    private static final Pattern LINE = Pattern.compile("([a-zA-Z_:][a-zA-Z0-9_:]*)"
        + "(?:\\{((?:" + LABEL.pattern() + ")*)\\})? (\\S+)");
    private static final Pattern COMMENT =
        Pattern.compile("# (HELP \\S+ .*|TYPE \\S+ (counter|gauge|summary|histogram|untyped))");

    /** One line. */
    record Sample(String name, Map<String, String> labels, double value) {}

    private Scrape() {}

    /** All samples; fails if a line is none, and not a comment either. */
    static List<Sample> of(String text) {
        List<Sample> samples = new ArrayList<>();
        for (String line : text.split("\n")) {
            if (line.startsWith("#")) {
                assertTrue(COMMENT.matcher(line).matches(), line);
                continue;
            }
            Matcher parts = LINE.matcher(line);
            assertTrue(parts.matches(), line);
            Map<String, String> labels = new HashMap<>();
            Matcher label = LABEL.matcher(parts.group(2) == null ? "" : parts.group(2));
            while (label.find()) {
                labels.put(label.group(1), label.group(2));
            }
            samples.add(new Sample(parts.group(1), Map.copyOf(labels), number(parts.group(5))));
        }
        return samples;
    }

    private static double number(String text) {
        return switch (text) {
            case "+Inf" -> Double.POSITIVE_INFINITY;
            case "-Inf" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
    }
}

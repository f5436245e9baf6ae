package actors.feed;

import java.util.Map;
import java.util.TreeMap;
import transaction.InvalidRequest;
import transaction.Limits;
import transaction.LiveEvents;

/**
 * How far a reader has come: for each origin the number of the last notice it was told, written as
 * {@code name-number} with a point between them. Immutable.
 */
record FeedPosition(Map<String, Long> numbers) {

    private static final int CHARS = 4_096;
    private static final String ONE = "[0-9a-z]{1,16}-[0-9]{1,18}";

    /** Before everything. */
    static final FeedPosition BEGINNING = new FeedPosition(Map.of());

    FeedPosition {
        numbers = Map.copyOf(numbers);
    }

    /** @throws InvalidRequest if it is none */
    static FeedPosition of(String text) {
        if (text.equals(LiveEvents.BEGINNING)) {
            return BEGINNING;
        }
        Map<String, Long> numbers = new TreeMap<>();
        for (String each : text.length() > CHARS ? new String[] {text} : text.split("\\.", -1)) {
            InvalidRequest.require(each.matches(ONE),
                "no position of events: " + Limits.cut(text, 100));
            int dash = each.indexOf('-');
            numbers.put(each.substring(0, dash), Long.parseLong(each.substring(dash + 1)));
        }
        return new FeedPosition(numbers);
    }

    /** The same with one origin at that number. */
    FeedPosition at(String origin, long number) {
        Map<String, Long> more = new TreeMap<>(numbers);
        more.put(origin, number);
        return new FeedPosition(more);
    }

    /** The same without an origin. */
    FeedPosition without(String origin) {
        Map<String, Long> less = new TreeMap<>(numbers);
        less.remove(origin);
        return new FeedPosition(less);
    }

    /** {@link #of} makes the same of it again; empty if nothing is known of any origin. */
    String text() {
        if (numbers.isEmpty()) {
            return LiveEvents.BEGINNING;
        }
        var text = new StringBuilder();
        new TreeMap<>(numbers).forEach((origin, number) ->
            text.append(text.isEmpty() ? "" : ".").append(origin).append('-').append(number));
        return text.toString();
    }
}

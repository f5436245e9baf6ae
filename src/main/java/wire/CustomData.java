package wire;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import transaction.Bytes;
import transaction.Chars;
import transaction.Details;
import transaction.InvalidRequest;
import transaction.Limits;
import transaction.Mode;

/**
 * Reads {@code custom_data}: a string that for three modes is JSON once more, and for TCC and XA
 * belongs to the client alone.
 */
final class CustomData {

    private static final KnownKeys OF_SAGA = KnownKeys.of("concurrent", "orders");
    private static final KnownKeys OF_MESSAGE = KnownKeys.of("delay");
    private static final KnownKeys OF_WORKFLOW = KnownKeys.of("name", "data");

    private boolean concurrent;
    private final Map<Integer, List<Integer>> orders = new HashMap<>();
    private int delay;
    private String name = "";
    private Bytes data = Bytes.EMPTY;

    private CustomData() {}

    /** @throws InvalidRequest if {@code mode} reads it and cannot make sense of it */
    static Details of(Mode mode, String customData) {
        if (customData.isEmpty() || mode == Mode.TCC || mode == Mode.XA) {
            return Details.PLAIN;
        }
        KnownKeys known = mode == Mode.SAGA ? OF_SAGA : mode == Mode.MSG ? OF_MESSAGE : OF_WORKFLOW;
        try {
            return read(customData, known).details(mode);
        } catch (InvalidRequest invalid) {
            throw new InvalidRequest("custom_data of a " + mode.wire() + ": "
                + invalid.getMessage());
        }
    }

    private static CustomData read(String json, KnownKeys known) {
        return JsonIn.whole(json.getBytes(StandardCharsets.UTF_8), in -> {
            CustomData read = new CustomData();
            in.object("it", known, key -> read.take(key, in));
            return read;
        });
    }

    private void take(String key, JsonIn in) {
        switch (key) {
            case "concurrent" -> concurrent = in.flag(key);
            case "orders" -> in.entries(key, Limits.STEPS, step -> order(step, in));
            case "delay" -> delay = in.integer(key);
            case "name" -> name = in.text(key);
            case "data" -> data = in.bytes(key);
            default -> throw new IllegalStateException(key);
        }
    }

    private void order(String step, JsonIn in) {
        List<Integer> before =
            in.array("orders", Limits.STEPS, () -> in.integer("a step in orders"));
        if (orders.put(index(step), List.copyOf(before)) != null) {
            throw KnownKeys.twice("orders", step);
        }
    }

    private Details details(Mode mode) {
        if (mode == Mode.SAGA) {
            return concurrent ? new Details.Concurrent(orders) : Details.PLAIN;
        }
        if (mode == Mode.MSG) {
            return delay == 0 ? Details.PLAIN : new Details.Delay(delay);
        }
        return new Details.Named(name, data);
    }

    /** Checked here, since keys far apart can be made to collide in a map. */
    private static int index(String step) {
        try {
            int index = Chars.isInteger(step) && !step.startsWith("-")
                ? Integer.parseInt(step) : -1;
            if (index >= 0 && index < Limits.STEPS) {
                return index;
            }
        } catch (NumberFormatException broken) {
            // Reported below, as any other key that is none.
        }
        throw new InvalidRequest("orders has a key that is no index of a step");
    }
}

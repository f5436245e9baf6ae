package wire;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import transaction.Bytes;
import transaction.Details;
import transaction.InvalidRequest;
import transaction.Mode;

/**
 * Reads {@code custom_data}: a string that for three modes is JSON once more, and for TCC and XA
 * belongs to the client alone.
 */
final class CustomData {

    private boolean concurrent;
    private final Map<Integer, List<Integer>> orders = new HashMap<>();
    private int delay;
    private String name = "";
    private String data = "";

    private CustomData() {}

    /** @throws InvalidRequest if {@code mode} reads it and cannot make sense of it */
    static Details of(Mode mode, String customData) {
        if (customData.isEmpty() || mode == Mode.TCC || mode == Mode.XA) {
            return Details.PLAIN;
        }
        try {
            return read(customData).details(mode);
        } catch (InvalidRequest invalid) {
            throw new InvalidRequest("custom_data of a " + mode.wire() + ": "
                + invalid.getMessage());
        }
    }

    private static CustomData read(String json) {
        return JsonIn.whole(json.getBytes(StandardCharsets.UTF_8), in -> {
            CustomData read = new CustomData();
            in.object("it", key -> read.take(key, in));
            return read;
        });
    }

    private boolean take(String key, JsonIn in) {
        switch (key) {
            case "concurrent" -> concurrent = in.flag(key);
            case "orders" -> {
                orders.clear();
                in.object(key, step -> {
                    orders.put(index(step),
                        List.copyOf(in.array(key, () -> in.integer("a step in orders"))));
                    return true;
                });
            }
            case "delay" -> delay = in.integer(key);
            case "name" -> name = in.text(key);
            case "data" -> data = in.text(key);
            default -> {
                return false;
            }
        }
        return true;
    }

    private Details details(Mode mode) {
        if (mode == Mode.SAGA) {
            return concurrent ? new Details.Concurrent(orders) : Details.PLAIN;
        }
        if (mode == Mode.MSG) {
            return delay == 0 ? Details.PLAIN : new Details.Delay(delay);
        }
        return new Details.Named(name, fromBase64(data));
    }

    private static Bytes fromBase64(String text) {
        try {
            return Bytes.fromBase64(text);
        } catch (IllegalArgumentException broken) {
            throw new InvalidRequest("data is not base64");
        }
    }

    private static int index(String step) {
        try {
            return Integer.parseInt(step);
        } catch (NumberFormatException broken) {
            throw new InvalidRequest("orders has a key that is no index of a step");
        }
    }
}

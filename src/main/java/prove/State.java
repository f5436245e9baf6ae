package prove;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Set;
import transaction.Bytes;

/**
 * What a participant shows of what it has done. JSON is compared by value, else bytes are.
 *
 * @param json null if it is none
 */
record State(Bytes bytes, JsonNode json) {

    /** Nothing is shown, so that nothing can be compared. */
    static final State NONE = new State(Bytes.EMPTY, null);

    private static final ObjectMapper JSON = JsonMapper.builder()
        .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
        .build();

    static State of(byte[] body, Set<String> ignored) {
        Bytes bytes = Bytes.of(body);
        try {
            JsonNode json = JSON.readTree(body);
            forget(json, ignored);
            return new State(bytes, json);
        } catch (JsonProcessingException e) {
            return new State(bytes, null);
        } catch (IOException impossible) {
            throw new IllegalStateException("reading what is in memory", impossible);
        }
    }

    private static void forget(JsonNode json, Set<String> ignored) {
        if (json instanceof ObjectNode object) {
            object.remove(ignored);
        }
        json.forEach(each -> forget(each, ignored));
    }

    boolean isNone() {
        return this == NONE;
    }

    boolean shows(State other) {
        if (json == null || other.json == null) {
            return bytes.equals(other.bytes);
        }
        return json.equals(State::order, other.json);
    }

    /**
     * Whether {@code third} is as far from {@code second} as that is from this one, number by
     * number. Where there are no numbers to tell it, nothing speaks against it.
     */
    boolean differsAs(State second, State third) {
        return json == null || second.json == null || third.json == null
            || alike(json, second.json, third.json);
    }

    private static boolean alike(JsonNode first, JsonNode second, JsonNode third) {
        if (first.isNumber() && second.isNumber() && third.isNumber()) {
            BigDecimal step = second.decimalValue().subtract(first.decimalValue());
            return third.decimalValue().subtract(second.decimalValue()).compareTo(step) == 0;
        }
        if (first instanceof ObjectNode object) {
            for (Map.Entry<String, JsonNode> each : object.properties()) {
                if (!alike(each.getValue(), second.path(each.getKey()),
                        third.path(each.getKey()))) {
                    return false;
                }
            }
        }
        return true;
    }

    /** Equal numbers are equal however they are written. */
    private static int order(JsonNode one, JsonNode other) {
        if (one.isNumber() && other.isNumber()) {
            return one.decimalValue().compareTo(other.decimalValue());
        }
        return one.equals(other) ? 0 : 1;
    }

    /** For people. */
    String text() {
        return isNone() ? "(not shown)" : CallResult.shown(bytes);
    }
}

package io.pactor.client;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** One step as it is being declared, and how the wire says it. */
final class Step {

    /** Methods that carry a body; an undo by one of them, without its own, has its action's. */
    private static final Set<String> WITH_BODY = Set.of("POST", "PUT", "PATCH");

    private final Call action;
    private Call undo;
    private List<Integer> after = List.of();
    private Duration timeout = Duration.ZERO;
    private int retryLimit;
    private final Map<String, String> headers = new LinkedHashMap<>();

    Step(Call action) {
        this.action = action;
    }

    void undo(Call call) {
        if (undo != null) {
            throw new IllegalStateException("the step " + action + " has an undo already: " + undo);
        }
        undo = call;
    }

    void timeout(Duration limit) {
        timeout = Seconds.checkPositive("stepTimeout", limit);
    }

    void retryLimit(int failures) {
        if (failures < 1) {
            throw new IllegalArgumentException("stepRetryLimit must be positive: " + failures);
        }
        retryLimit = failures;
    }

    void header(String name, String value) {
        headers.put(name, value);
        Call.checked(headers);
    }

    void after(List<Integer> steps) {
        after = steps;
    }

    List<Integer> after() {
        return after;
    }

    Call action() {
        return action;
    }

    /** This as a step of a saga, or of a message if it has no undo. */
    Map<String, Object> wire(PayloadCodec codec) {
        Map<String, Object> wire = new LinkedHashMap<>();
        String payload = action.payload(codec);
        wire.put("action", action.url());
        if (undo != null) {
            wire.put("compensate", undo.url());
        }
        put(wire, "action_options", options(action, payload, retryLimit));
        if (undo != null) {
            boolean shares = undo.body() == null && WITH_BODY.contains(undo.method());
            String own = shares ? payload : undo.payload(codec);
            Map<String, Object> options = options(undo, payload, 0);
            if (!own.equals(payload)) {
                options.put("payload", own);
            }
            put(wire, "compensate_options", options);
        }
        return wire;
    }

    private static void put(Map<String, Object> wire, String key, Map<String, Object> options) {
        if (!options.isEmpty()) {
            wire.put(key, options);
        }
    }

    /** What the wire of DTM does not say; {@code payload} is what its method follows from. */
    private Map<String, Object> options(Call call, String payload, int attempts) {
        Map<String, Object> options = new LinkedHashMap<>();
        if (!call.method().equals(payload.isEmpty() ? "GET" : "POST")) {
            options.put("method", call.method());
        }
        Map<String, String> sent = new LinkedHashMap<>(headers);
        call.headers().forEach((name, value) -> {
            sent.keySet().removeIf(name::equalsIgnoreCase);
            sent.put(name, value);
        });
        sent.entrySet().removeIf(each -> each.getKey().equalsIgnoreCase("Content-Type")
            && each.getValue().equals("application/json")); // Every call has it.
        if (!sent.isEmpty()) {
            options.put("headers", sent);
        }
        Duration limit = call.timeout().isZero() ? timeout : call.timeout();
        if (!limit.isZero()) {
            options.put("request_timeout", limit.toSeconds());
        }
        int failures = call.retryLimit() == 0 ? attempts : call.retryLimit();
        if (failures > 0) {
            options.put("retry_limit", failures);
        }
        return options;
    }

    /** What of {@code wire} only some coordinators understand; empty if all do. */
    static String needs(Map<String, Object> wire) {
        StringBuilder part = new StringBuilder();
        for (String key : List.of("action_options", "compensate_options")) {
            Map<String, Object> options = Fields.object(wire, key);
            if (!options.isEmpty()) {
                part.append(part.isEmpty() ? "" : " and ")
                    .append(String.join(", ", options.keySet())).append(" of the call to ")
                    .append(wire.get(key.equals("action_options") ? "action" : "compensate"));
            }
        }
        return part.toString();
    }
}

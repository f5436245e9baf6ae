package wire;

import java.util.Map;
import java.util.Optional;
import transaction.Bytes;
import transaction.CallOptions;
import transaction.InvalidRequest;
import transaction.Limits;

/**
 * What is said of one call of a step, which DTM cannot say: {@code action_options} and {@code
 * compensate_options}.
 *
 * @param call how it is called
 * @param payload its body, if that is not the step's
 */
record StepOptions(CallOptions call, Optional<Bytes> payload) {

    static final StepOptions NONE = new StepOptions(CallOptions.NONE, Optional.empty());

    private static final KnownKeys KEYS =
        KnownKeys.of("method", "headers", "request_timeout", "retry_limit", "payload");

    /** Reads the object of that name. */
    static StepOptions read(JsonIn in, String name) {
        Reading reading = new Reading(in, name);
        in.object(name, KEYS, reading::take);
        return new StepOptions(new CallOptions(
            reading.method, reading.headers, reading.requestTimeout, reading.retryLimit),
            reading.payload);
    }

    private static final class Reading {

        private final JsonIn in;
        private final String name;
        private String method = "";
        private Map<String, String> headers = Map.of();
        private int requestTimeout;
        private int retryLimit;
        private Optional<Bytes> payload = Optional.empty();

        Reading(JsonIn in, String name) {
            this.in = in;
            this.name = name;
        }

        void take(String key) {
            String what = name + "." + key;
            switch (key) {
                case "method" -> method = in.text(what);
                case "headers" -> headers = in.texts(what, Limits.BRANCH_HEADERS);
                case "request_timeout" -> requestTimeout = in.integer(what);
                case "retry_limit" -> retryLimit = in.integer(what);
                case "payload" -> payload = payload(what);
                default -> throw new IllegalStateException(key);
            }
        }

        private Optional<Bytes> payload(String what) {
            if (name.equals("action_options")) {
                throw new InvalidRequest(
                    what + " has no meaning: payloads has what goes to the action");
            }
            return in.optionalText(what).map(Bytes::utf8);
        }
    }
}

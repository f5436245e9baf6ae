package http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Requests to all routes, from well formed to nonsense, out of one seed. Nothing in them leads to
 * another machine: urls name the given participant, whose address no edit touches.
 */
final class RandomRequests {

    /** A request; {@code target} is encoded as far as a client must. */
    record Request(String method, String target, byte[] body) {

        @Override
        public String toString() {
            String text = new String(body, StandardCharsets.ISO_8859_1);
            return method + " " + target + " "
                + (text.length() > 3_000 ? text.substring(0, 3_000) + "…" : text);
        }
    }

    private static final List<String> POSTS = List.of("prepare", "submit", "submit", "submit",
        "abort", "registerBranch", "registerBranch", "registerTccBranch", "registerXaBranch",
        "prepareWorkflow", "forceStop", "resetNextCronTime");
    private static final List<String> GETS = List.of("newGid", "query", "query", "all", "all",
        "resetCronTime", "history", "subscribe", "subscribe", "unsubscribe", "scanKV", "queryKV",
        "version");
    private static final List<String> OTHERS = List.of("/api/ping", "/api/health", "/api/metrics",
        "/", "/api", "//api//ping", "/api/dtmsvr", "/api/dtmsvr/nothing", "/favicon.ico");
    private static final byte[] SIGNS = "{}[]\",:\\0e-u ;\n".getBytes(StandardCharsets.US_ASCII);

    private final SplittableRandom random;
    private final String participant;
    private final Map<String, List<String>> fields;

    /**
     * @param participant the address below which all urls lie, with a slash at the end
     */
    RandomRequests(long seed, String participant) {
        random = new SplittableRandom(seed);
        this.participant = participant;
        fields = fields();
    }

    Request next() {
        return switch (random.nextInt(20)) {
            case 0 -> new Request(any(List.of("GET", "PUT", "DELETE", "OPTIONS", "PATCH", "POST")),
                any(List.of(any(OTHERS), WireClient.API + any(POSTS), WireClient.API + any(GETS))),
                body());
            case 1 -> new Request("DELETE", WireClient.API + "topic/"
                + WireClient.encoded(plain(any(fields.get("topic")))), new byte[0]);
            case 2, 3, 4 -> new Request("POST", "/api/json-rpc", rpc());
            case 5, 6, 7, 8, 9 -> new Request("GET",
                WireClient.API + any(GETS) + "?" + query(), new byte[0]);
            default -> new Request("POST", WireClient.API + any(POSTS), body());
        };
    }

    private byte[] body() {
        return random.nextInt(4) == 0 ? edited(object()) : bytes(object());
    }

    private byte[] rpc() {
        String text = "{\"jsonrpc\":" + (rare() ? anything() : "\"2.0\"") + ",\"id\":"
            + (rare() ? anything() : "\"1\"") + ",\"method\":\"" + any(List.of("newGid", "prepare",
                "submit", "abort", "registerBranch", "query", "")) + "\",\"params\":"
            + (rare() ? anything() : object()) + "}";
        return rare() ? edited(text) : bytes(text);
    }

    /** An object with some fields that make sense and now and then one that does not. */
    private String object() {
        List<String> parts = new ArrayList<>();
        for (Map.Entry<String, List<String>> field : fields.entrySet()) {
            boolean needed = List.of("gid", "trans_type", "branch_id").contains(field.getKey());
            if (needed ? random.nextInt(30) > 0 : random.nextInt(3) == 0) {
                parts.add("\"" + field.getKey() + "\":"
                    + (random.nextInt(25) == 0 ? anything() : any(field.getValue())));
            }
        }
        return "{" + String.join(",", parts) + "}";
    }

    private String query() {
        List<String> parts = new ArrayList<>();
        for (String name : List.of("gid", "limit", "position", "status", "transType", "topic",
                "url", "remark", "cat", "key", "timeout", "createTimeStart", "createTimeEnd")) {
            if (random.nextInt(3) == 0) {
                String value = plain(rare() ? anything()
                    : any(fields.getOrDefault(name, List.of("7", "1700000000000"))));
                parts.add(name + "=" + (random.nextInt(20) == 0 ? "%ff%c0" : "")
                    + WireClient.encoded(value));
            }
        }
        return String.join("&", parts);
    }

    private Map<String, List<String>> fields() {
        List<String> gids = new ArrayList<>(List.of("\"\"", "\"a;b\\r\"", "\"ü交易\"", "\"g 1\""));
        for (int i = 0; i < 40; i++) {
            gids.add("\"fuzz-" + i + "\"");
        }
        List<String> urls = Stream.of("yes", "no", "busy", "down", "yes?a=b&gid=x", "yes?method=m")
            .map(path -> "\"" + participant + path + "\"").toList();
        List<String> seconds = List.of("0", "1", "30", "-1", "315360001", "1.5", "\"3\"");
        Map<String, List<String>> all = new TreeMap<>();
        all.put("gid", gids);
        all.put("trans_type", List.of("\"saga\"", "\"tcc\"", "\"xa\"", "\"msg\"", "\"workflow\""));
        all.put("branch_id", List.of("\"01\"", "\"02\"", "\"0101\"", "\"\""));
        all.put("steps", List.of("[]", "[{\"action\":" + urls.get(0) + ",\"compensate\":"
            + urls.get(0) + "}]", "[{\"action\":" + urls.get(1) + "},{\"action\":\"\"}]",
            "[{\"action\":" + urls.get(2) + "},{\"action\":" + urls.get(3) + "}]",
            "[{\"action\":\"topic://t1\"}]", "[{\"action\":7}]", "[[]]"));
        all.put("payloads", List.of("[\"{}\"]", "[\"{}\",\"1\"]", "[]", "[1]", "[null]",
            "[\"\\u0000\",\"\\ud83d\\ude42\"]"));
        all.put("wait_result", List.of("true", "false", "1"));
        all.put("concurrent", List.of("true", "false"));
        all.put("custom_data", List.of("\"\"", "\"{\\\"delay\\\":1}\"", "\"{\\\"concurrent\\\":"
            + "true,\\\"orders\\\":{\\\"1\\\":[0]}}\"", "\"{\\\"orders\\\":{\\\"0\\\":[0]},"
            + "\\\"concurrent\\\":true}\"",
            "\"{\\\"name\\\":\\\"wf\\\",\\\"data\\\":\\\"e30=\\\"}\"",
            "\"{\\\"data\\\":\\\"?\\\"}\"", "\"[\""));
        Stream.of("timeout_to_fail", "request_timeout", "retry_interval", "retry_limit",
            "retry_count", "timeout").forEach(name -> all.put(name, seconds));
        all.put("branch_headers", List.of("{}", "[]", "{\"x-a\":\"b\"}", "{\"a b\":\"c\\nd\"}",
            "{\"Host\":\"x\",\"Content-Length\":\"9\"}"));
        all.put("protocol", List.of("\"http\"", "\"json-rpc\"", "\"grpc\"", "\"smoke\""));
        all.put("rollback_reason", List.of("\"\"", "\"FAILURE\"", "\"\\u001b[31m\\n\""));
        all.put("req_extra", List.of("{}", "{\"status\":\"succeed\",\"result\":\"e30=\"}",
            "{\"status\":\"failed\",\"rollback_reason\":\"no FAILURE\"}", "{\"status\":\"x\"}"));
        Stream.of("query_prepared", "url", "confirm", "cancel").forEach(name ->
            all.put(name,
                Stream.concat(urls.stream(), Stream.of("\"\"", "\"ftp://x/y\"")).toList()));
        all.put("data", List.of("\"{}\"", "\"\"", "\"no FAILURE\""));
        all.put("op", List.of("\"action\"", "\"commit\"", "\"rollback\"", "\"business\"", "\"\""));
        all.put("status", List.of("\"succeed\"", "\"failed\"", "\"prepared\"", "\"odd\""));
        all.put("topic", List.of("\"t1\"", "\"t2\"", "\"\"", "\"ü/..\"", "\"a\\tb\""));
        all.put("transType", all.get("trans_type"));
        all.put("cat", List.of("\"topics\"", "\"\"", "\"other\""));
        all.put("key", all.get("topic"));
        all.put("remark", List.of("\"r\"", "\"<b>\""));
        all.put("limit", List.of("1", "2", "1000", "0", "-1", "99999999999", "\"x\""));
        all.put("position", List.of("\"\"", "\"0\"", "\"t1\"", "\"-1\"", "\"%\""));
        return all;
    }

    /** A value of whatever type. */
    private String anything() {
        return any(List.of("null", "true", "0", "-7", "1e400", "9".repeat(60), "\"\"", "\"x\"",
            "\"\\u0000\"", "\"\\ud800\"", "\"FAILURE\"", "[]", "{}", "[[1]]", "{\"a\":null}",
            "\"" + "long".repeat(2_000) + "\"", "[".repeat(70) + "]".repeat(70)));
    }

    private boolean rare() {
        return random.nextInt(10) == 0;
    }

    private String any(List<String> of) {
        return of.get(random.nextInt(of.size()));
    }

    /** The text of a JSON string, roughly; anything else as it is. */
    private static String plain(String json) {
        return json.startsWith("\"") ? json.substring(1, json.length() - 1) : json;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** With up to four bytes changed, put in or cut off, but none of the participant's address. */
    private byte[] edited(String text) {
        List<String> parts = Arrays.stream(text.split(Pattern.quote(participant)))
            .map(part -> new String(bytes(part), StandardCharsets.ISO_8859_1))
            .collect(Collectors.toCollection(ArrayList::new));
        for (int edits = random.nextInt(4); edits >= 0 && !parts.isEmpty(); edits--) {
            int which = random.nextInt(parts.size());
            String part = parts.get(which);
            int at = random.nextInt(part.length() + 1);
            char sign = (char) (random.nextBoolean() ? random.nextInt(256)
                : SIGNS[random.nextInt(SIGNS.length)]);
            switch (random.nextInt(4)) {
                case 0 -> parts.set(which, part.substring(0, at) + sign + part.substring(at));
                case 1 -> {
                    parts.subList(which + 1, parts.size()).clear();
                    parts.set(which, part.substring(0, at));
                }
                default -> parts.set(which, part.substring(0, at) + sign
                    + part.substring(Math.min(part.length(), at + 1)));
            }
        }
        return String.join(participant, parts).getBytes(StandardCharsets.ISO_8859_1);
    }
}

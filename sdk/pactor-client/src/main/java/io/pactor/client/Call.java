package io.pactor.client;

import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * An HTTP request that the coordinator is to send to a participant. Immutable.
 *
 * <p>The coordinator adds {@code gid}, {@code trans_type}, {@code branch_id} and {@code op} to the
 * url's query, and sends the call until it gets a verdict: the participant must bear repeats.
 *
 * <p>DTM knows POST with a body and GET without one. Any other method, headers of one call, its own
 * time or its own limit of attempts need a coordinator that knows {@code step-options}; with
 * another one the transaction is refused before anything is sent.
 *
 * @param method in capital letters
 * @param url absolute, {@code http} or {@code https}
 * @param headers sent with this call alone; see the modes for headers of all calls
 * @param body null for none; a String is JSON text and sent as it is (any text, if a
 *     {@code Content-Type} other than JSON is among the headers); anything else goes through the
 *     {@link PayloadCodec}
 * @param timeout how long the coordinator waits for the answer, in whole seconds; zero for the
 *     transaction's or the coordinator's own
 * @param retryLimit how many failed attempts are tolerated; zero for no limit of its own
 */
public record Call(String method, String url, Map<String, String> headers, Object body,
        Duration timeout, int retryLimit) {

    private static final String TOPIC = "topic://";
    private static final Pattern TOKEN = Pattern.compile("[!#$%&'*+.^_`|~0-9A-Za-z-]+");
    private static final Pattern VALUE = Pattern.compile("[^\\x00-\\x08\\x0a-\\x1f\\x7f]*");

    public Call {
        if (!TOKEN.matcher(method).matches()) {
            throw new IllegalArgumentException("no method of HTTP: " + method);
        }
        method = method.toUpperCase(Locale.ROOT);
        checkUrl(url);
        headers = checked(headers);
        Seconds.check("timeout of a call", timeout);
        if (retryLimit < 0) {
            throw new IllegalArgumentException("retryLimit is negative: " + retryLimit);
        }
    }

    /** A POST of {@code body}; see {@link #body}. */
    public static Call post(String url, Object body) {
        return of("POST", url, body);
    }

    /** A GET, without a body. */
    public static Call get(String url) {
        return of("GET", url, null);
    }

    /** Any method; {@code body} may be null. */
    public static Call of(String method, String url, Object body) {
        return new Call(method, url, Map.of(), body, Duration.ZERO, 0);
    }

    /** To all subscribers of a topic, which only the coordinator knows. */
    static Call toTopic(String topic, Object body) {
        return of(body == null ? "GET" : "POST", TOPIC + topic, body);
    }

    /** With one more header; it takes the place of one of the same name, in any case. */
    public Call withHeader(String name, String value) {
        Map<String, String> more = new LinkedHashMap<>(headers);
        more.keySet().removeIf(name::equalsIgnoreCase);
        more.put(name, value);
        return new Call(method, url, more, body, timeout, retryLimit);
    }

    /** With {@code limit} for the coordinator to wait for the answer; whole seconds. */
    public Call withTimeout(Duration limit) {
        return new Call(method, url, headers, body, limit, retryLimit);
    }

    /** With at most {@code failures} failed attempts. */
    public Call withRetryLimit(int failures) {
        return new Call(method, url, headers, body, timeout, failures);
    }

    /** Without headers and body, which may hold what is nobody's business. */
    @Override
    public String toString() {
        return method + " " + url;
    }

    /** The body as text, empty for none. */
    String payload(PayloadCodec codec) {
        if (body == null) {
            return "";
        }
        if (!(body instanceof String text)) {
            return codec.encode(body);
        }
        if (!text.isEmpty() && isJson() && !Json.isJson(text)) {
            throw new IllegalArgumentException("the body of " + this + " is a String that is not"
                + " JSON; give JSON text, or a Content-Type of another kind");
        }
        return text;
    }

    private boolean isJson() {
        String type = header("Content-Type");
        return type == null || type.toLowerCase(Locale.ROOT).contains("json");
    }

    /** The header of that name, in any case; null if there is none. */
    String header(String name) {
        return headers.entrySet().stream().filter(each -> each.getKey().equalsIgnoreCase(name))
            .map(Map.Entry::getValue).findFirst().orElse(null);
    }

    private static void checkUrl(String url) {
        URI uri;
        try {
            uri = URI.create(url);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("not a url: " + url, e);
        }
        String scheme = uri.getScheme() == null ? "" : uri.getScheme().toLowerCase(Locale.ROOT);
        if (url.startsWith(TOPIC) && url.length() > TOPIC.length()) {
            return;
        }
        if (!scheme.equals("http") && !scheme.equals("https") || uri.getRawAuthority() == null) {
            throw new IllegalArgumentException(
                "the coordinator needs an absolute url, http or https: " + url);
        }
    }

    /** An unmodifiable copy in the same order. Values are never shown: they may be secrets. */
    static Map<String, String> checked(Map<String, String> headers) {
        Map<String, String> copy = new LinkedHashMap<>(headers);
        Map<String, String> names = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        copy.forEach((name, value) -> {
            if (!TOKEN.matcher(name).matches()) {
                throw new IllegalArgumentException("no name of a header: " + name);
            }
            if (!VALUE.matcher(Objects.requireNonNull(value, name)).matches()) {
                throw new IllegalArgumentException("a control character in the header " + name);
            }
            if (names.put(name, value) != null) {
                throw new IllegalArgumentException("the header " + name + " is given twice");
            }
        });
        return Collections.unmodifiableMap(copy);
    }
}

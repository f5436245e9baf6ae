package store;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Parameters in the url of a database on the network: {@code jdbc:x://host/db?a=1&b=2}; and what of
 * a url may be shown.
 */
final class JdbcUrl {

    private static final String MASK = "***";

    /** In whatever way parameters are separated, with the part of MariaDB's in brackets. */
    private static final Pattern SECRET = Pattern.compile(
        "(?i)[;?&(][^=;?&()]*(?:password|passwd|pwd|secret|token|passphrase)[^=;?&()]*"
            + "=([^;&)]*)");

    private String text;

    JdbcUrl(String text) {
        this.text = text;
    }

    /** Adds a parameter unless the url has it, in whatever case. */
    JdbcUrl or(String name, Object value) {
        if (!mentions(name)) {
            text += (text.indexOf('?') < 0 ? "?" : "&") + name + "=" + value;
        }
        return this;
    }

    String text() {
        return text;
    }

    /** Without parameters, and without what stands before the host. */
    static String shown(String url) {
        String head = SECRET.matcher(url.split("[;?]", 2)[0]).replaceAll("");
        int place = head.indexOf("//");
        if (place < 0) {
            return head;
        }
        String scheme = head.substring(0, place + 2);
        if (!userInfo(url).isEmpty()) {
            int at = head.lastIndexOf('@');
            return at < 0 ? scheme + MASK : scheme + head.substring(at + 1);
        }
        return head;
    }

    /**
     * What stands before the host, which none of the drivers takes for user and password; empty for
     * nothing. A password in it may hold any character.
     */
    static String userInfo(String url) {
        int place = url.indexOf("//");
        if (place < 0) {
            return "";
        }
        String rest = url.substring(place + 2);
        String head = rest.split("[;?]", 2)[0];
        int at = head.lastIndexOf('@');
        if (at < 0 && !head.contains("/")) {
            // A path has to come before the parameters, or this is a part of a password.
            at = rest.lastIndexOf('@');
        }
        return at < 0 ? "" : rest.substring(0, at);
    }

    /** {@code text} with a mask for each password that stands in {@code url}, and for the url. */
    static String withoutSecrets(String text, String url) {
        String masked = text.replace(url, shown(url));
        for (String secret : secrets(url)) {
            masked = masked.replace(secret, MASK);
        }
        return masked;
    }

    private static Set<String> secrets(String url) {
        Set<String> secrets = new LinkedHashSet<>();
        String before = userInfo(url);
        secrets.add(before);
        secrets.add(before.substring(before.indexOf(':') + 1));
        Matcher parameters = SECRET.matcher(url);
        while (parameters.find()) {
            secrets.add(parameters.group(1));
            secrets.add(decoded(parameters.group(1)));
        }
        secrets.remove("");
        return secrets;
    }

    private static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException asItIs) {
            return text;
        }
    }

    private boolean mentions(String name) {
        String parameters = text.substring(text.indexOf('?') + 1).toLowerCase(Locale.ROOT);
        return text.indexOf('?') >= 0
            && ("&" + parameters).contains("&" + name.toLowerCase(Locale.ROOT) + "=");
    }
}

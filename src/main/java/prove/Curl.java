package prove;

import branch.PlainHttp;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Writes a call as a command for a POSIX shell.
 *
 * @param prefix of the gids, which becomes {@code $G}: with the old one a participant that keeps a
 *     record would only tell what it has told before
 */
record Curl(String prefix) {

    /** A new value for {@code $G}, as long as the old one, so that bounds are met as before. */
    static final String FRESH = "G=prove-$(date +%s)";

    /** Headers whose values are nobody's business. */
    private static final Pattern SECRET =
        Pattern.compile("authorization|cookie|.*(token|secret|key|password).*");

    String of(PlainHttp call, Map<String, String> asked, String more) {
        StringBuilder line = new StringBuilder("curl -is");
        line.append(more);
        if (!call.method().equals("GET")) {
            line.append(" -X ").append(call.method());
        }
        line.append(' ').append(quoted(call.url()));
        headers(line, asked);
        if (!call.body().isEmpty()) {
            if (asked.keySet().stream().noneMatch("content-type"::equalsIgnoreCase)) {
                line.append(" -H 'content-type: application/json'");
            }
            line.append(" --data-binary ").append(quoted(call.body().toUtf8()));
        }
        return line.toString();
    }

    String ofState(String url, Map<String, String> asked) {
        StringBuilder line = new StringBuilder("curl -s ").append(quoted(url));
        headers(line, asked);
        return line.toString();
    }

    /** Without the user and the password that may be in it. */
    static String withoutUser(String url) {
        return url.replaceFirst("//[^/@]*@", "//***@");
    }

    private void headers(StringBuilder line, Map<String, String> asked) {
        asked.forEach((name, value) -> {
            boolean isSecret = SECRET.matcher(name.toLowerCase(Locale.ROOT)).matches();
            line.append(" -H ").append(quoted(name + ": " + (isSecret ? "***" : value)));
        });
    }

    private String quoted(String text) {
        return ("'" + text.replace("'", "'\\''") + "'").replace(prefix, "'\"$G\"'");
    }
}

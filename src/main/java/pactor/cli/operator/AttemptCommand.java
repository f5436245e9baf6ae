package pactor.cli.operator;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import pactor.settings.ControlCharacters;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code pactor tx attempts}: what each call of a branch brought. */
final class AttemptCommand {

    /** As {@code POST /in?gid=g HTTP/1.1}. Calls over gRPC are no such thing. */
    private static final Pattern REQUEST_LINE = Pattern.compile("([A-Z]+) (/\\S*) HTTP/1\\.1");

    /** curl says these itself. */
    private static final Set<String> OF_CURL = Set.of("host", "content-length", "accept-encoding");

    private AttemptCommand() {}

    @Command(name = "attempts", description = {
        "Shows the calls of its branches: when, how long, the outcome and the status line."})
    static int attempts(@Parameters(paramLabel = "GID") String gid,
            @Option(names = "--branch", paramLabel = "BRANCH", order = 1,
                description = "Only of this branch, such as 01.") String branch,
            @Option(names = "--op", paramLabel = "OP", order = 2,
                description = "Only of this operation: action, compensate, ...") String op,
            @Option(names = "--curl", order = 3, description =
                "Shows each request that is kept as a curl command, and the answer.")
                boolean isCurl,
            @Mixin PageOptions pages, @Mixin ServerOptions server) {
        String path = TxReads.path(gid);
        // An attempt does not say whether it went over TLS, but its branch does.
        Json it = isCurl && !server.isJson()
            ? server.read(server.api().get(path, new Query())) : Json.NOTHING;
        return pages.show(server, path + "/attempts",
            () -> new Query().add("branch_id", branch).add("op", op), (page, isFirst) -> {
                List<String> lines = PageOptions.rows(table(page), server, isFirst);
                if (isCurl) {
                    page.elements("items").forEach(each -> lines.addAll(call(each, it)));
                }
                page.elements("skipped").forEach(each -> lines.add(Views.text(
                    each.text("branch_id") + " " + each.text("op") + ": "
                        + each.text("count") + " attempts between are not kept any more")));
                return lines;
            });
    }

    private static Table table(Json page) {
        Table table = new Table("BRANCH", "OP", "ATTEMPT", "STARTED", "MS", "OUTCOME",
            "STATUS LINE", "ERROR");
        for (Json each : page.elements("items")) {
            table.row(each.text("branch_id"), each.text("op"), each.text("attempt"),
                TimeText.shown(each.text("started_at")), each.text("duration_ms"),
                each.text("outcome"), each.text("status_line"), each.text("error"));
        }
        return table;
    }

    /** The request and the answer of one attempt; nothing if neither is kept. */
    private static List<String> call(Json attempt, Json transaction) {
        List<String> lines = new ArrayList<>();
        if (attempt.text("request").isEmpty() && attempt.text("answer").isEmpty()) {
            return lines;
        }
        lines.add("");
        lines.add(Views.text("# " + attempt.text("branch_id") + " " + attempt.text("op")
            + (attempt.text("attempt").isEmpty() ? "" : ", attempt " + attempt.text("attempt"))));
        boolean isTls = transaction.elements("branches").stream().anyMatch(each ->
            each.text("branch_id").equals(attempt.text("branch_id"))
                && each.text("op").equals(attempt.text("op"))
                && each.text("url").startsWith("https:"));
        lines.addAll(request(attempt.text("request"), isTls));
        attempt.text("answer").lines().forEach(each -> lines.add(Views.text("# " + each)));
        return lines;
    }

    /** {@code request} as it is kept, as a command; what is no request of HTTP/1.1 as a comment. */
    static List<String> request(String request, boolean isTls) {
        int end = request.indexOf("\n\n");
        String[] head = (end < 0 ? request : request.substring(0, end)).strip().split("\n");
        Matcher first = REQUEST_LINE.matcher(head[0]);
        List<String> lines = new ArrayList<>();
        if (!first.matches()) {
            request.lines().forEach(each -> lines.add(Views.text("# " + each)));
            return lines;
        }
        String body = end < 0 ? "" : request.substring(end + 2);
        StringBuilder options = new StringBuilder();
        String host = "";
        long length = 0;
        for (int i = 1; i < head.length; i++) {
            String[] header = head[i].split(": ?", 2);
            String name = header[0];
            String value = header.length > 1 ? header[1] : "";
            host = name.equalsIgnoreCase("host") ? value : host;
            length = name.equalsIgnoreCase("content-length") && value.matches("\\d{1,9}")
                ? Long.parseLong(value) : length;
            if (OF_CURL.stream().noneMatch(name::equalsIgnoreCase)) {
                options.append(" -H ").append(FilterOptions.quoted(name + ": " + value));
            }
        }
        if (!body.isEmpty()) {
            options.append(" --data-raw ").append(FilterOptions.quoted(body));
        }
        // Line by line: a break within a body is no control character to be escaped.
        ("curl -i -X " + first.group(1) + " " + FilterOptions.quoted(
            (isTls ? "https://" : "http://") + host + first.group(2)) + options).lines()
            .map(ControlCharacters::escaped).forEach(lines::add);
        if (length > body.getBytes(StandardCharsets.UTF_8).length) {
            lines.add("# of " + length + " bytes of its body only the beginning is kept");
        }
        return lines;
    }
}

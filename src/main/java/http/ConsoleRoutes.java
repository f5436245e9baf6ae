package http;

import console.ConsoleFile;
import console.ConsoleFiles;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import security.Permission;

/**
 * The console: a page, and the files that it is made of. Anybody may have them; what the page shows
 * it asks of the API, with what its user may see.
 */
final class ConsoleRoutes {

    static final String PATH = "/console";

    /** Nothing from elsewhere, nothing inline, and no frame around it. */
    static final String POLICY = "default-src 'self'; base-uri 'none'; form-action 'none';"
        + " frame-ancestors 'none'; object-src 'none'";

    private static final Map<String, String> HEADERS = headers();

    private final ConsoleFiles files;

    ConsoleRoutes(ConsoleFiles files) {
        this.files = files;
    }

    List<Route> routes() {
        Route.Handler file = call -> Continuations.now(answer(call));
        return List.of(
            Route.get(PATH, Permission.NONE, file).always(),
            Route.get(PATH + "/{name}", Permission.NONE, file).always());
    }

    /** Whether it is one of these. */
    static boolean has(Route route) {
        return route.path().equals(PATH) || route.path().startsWith(PATH + "/");
    }

    private HttpAnswer answer(Route.Call call) {
        Optional<ConsoleFile> found = files.find(call.names().getOrDefault("name", ""));
        if (found.isEmpty()) {
            return HttpAnswer.NO_SUCH_PAGE;
        }
        ConsoleFile file = found.get();
        boolean isKnown = call.headers().apply("If-None-Match").equals(file.tag());
        HttpAnswer answer = isKnown
            ? new HttpAnswer(304, format(file), new byte[0], "")
            : new HttpAnswer(200, format(file), file.content(), "");
        for (Map.Entry<String, String> each : HEADERS.entrySet()) {
            answer = answer.with(each.getKey(), each.getValue());
        }
        return answer.with("ETag", file.tag());
    }

    private static HttpAnswer.Format format(ConsoleFile file) {
        return switch (file.kind()) {
            case PAGE -> HttpAnswer.Format.HTML;
            case STYLE -> HttpAnswer.Format.CSS;
            case SCRIPT -> HttpAnswer.Format.SCRIPT;
            case PICTURE -> HttpAnswer.Format.SVG;
        };
    }

    private static Map<String, String> headers() {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("Content-Security-Policy", POLICY);
        headers.put("X-Content-Type-Options", "nosniff");
        headers.put("X-Frame-Options", "DENY");
        headers.put("Referrer-Policy", "no-referrer");
        headers.put("Cross-Origin-Opener-Policy", "same-origin");
        headers.put("Cross-Origin-Resource-Policy", "same-origin");
        // Asked again each time, so that a page never has files of two releases.
        headers.put("Cache-Control", "no-cache");
        return headers;
    }
}

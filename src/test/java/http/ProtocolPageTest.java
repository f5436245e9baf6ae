package http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The pages of the interface and the tables of routes name the same paths, and methods. */
class ProtocolPageTest {

    private static final Pattern ROW =
        Pattern.compile("(?m)^\\| (GET|POST|PUT|DELETE|any) \\| `(/[^`]*)` \\|");

    @Test
    void thePagesListEveryPathAndNoOther() throws IOException {
        MemoryCoordinator coordinator = new MemoryCoordinator();
        List<Route> routes = HttpServer.routes(
            new HttpServer.Parts(coordinator, new Ops(() -> "", () -> "", () -> ""),
                RouteMeter.NONE),
            HttpSettings.defaults(), new ErrorResponses(), Runnable::run);
        Set<String> served = routes.stream().map(route -> route.method() + " " + route.path())
            .collect(Collectors.toCollection(TreeSet::new));

        Set<String> listed = new TreeSet<>();
        Matcher row = ROW.matcher(Files.readString(Path.of("docs/protocol.md"))
            + Files.readString(Path.of("docs/api.md")));
        while (row.find()) {
            listed.add(row.group(1) + " " + row.group(2));
        }

        assertEquals(served, listed);
    }
}

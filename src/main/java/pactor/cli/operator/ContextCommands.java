package pactor.cli.operator;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/** {@code pactor context}: the servers that the file of contexts names. They ask no server. */
final class ContextCommands {

    private ContextCommands() {}

    @Command(name = "list", description = "Shows the contexts, and which one counts.")
    static int list(@Mixin ContextOptions options) {
        Contexts contexts = options.contexts();
        String chosen = options.name().isEmpty() ? contexts.chosen() : options.name();
        Table table = new Table("", "CONTEXT", "SERVER", "TOKEN FILE");
        contexts.named().values().forEach(each -> table.row(
            each.name().equals(chosen) ? "*" : " ", each.name(), each.server(),
            each.tokenFile().map(Path::toString).orElse("")));
        options.lines(table);
        if (table.isEmpty()) {
            options.note("there is no context in " + contexts.file());
        }
        return 0;
    }

    @Command(name = "use", description = "Makes a context the one that counts.")
    static int use(@Parameters(paramLabel = "NAME") String name, @Mixin ContextOptions options) {
        Contexts contexts = options.contexts();
        contexts.find(name);
        try {
            // Through links, so that a file that is kept elsewhere stays there.
            Path file = contexts.file().toRealPath();
            Path next = Files.createTempFile(file.getParent(), "config", ".new");
            Files.write(next, chosen(Files.readAllLines(file, StandardCharsets.UTF_8), name),
                StandardCharsets.UTF_8);
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException failed) {
            throw new Failure(Failure.BAD_CONFIGURATION, "cannot be written: " + failed);
        }
        options.note("the context is " + name);
        return 0;
    }

    /** The same lines, with the choice in place of the former one, or before all. */
    static List<String> chosen(List<String> lines, String name) {
        List<String> all = new ArrayList<>();
        String choice = "context = " + name;
        boolean isSaid = false;
        boolean isInside = false;
        for (String line : lines) {
            isInside |= line.strip().startsWith("[");
            boolean isChoice = !isInside && line.strip().matches("context\\s*=.*");
            all.add(isChoice ? choice : line);
            isSaid |= isChoice;
        }
        if (!isSaid) {
            all.add(0, choice);
        }
        return all;
    }
}

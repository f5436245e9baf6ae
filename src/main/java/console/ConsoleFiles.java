package console;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The files of the console, read from the class path once. Each has a name without a slash, and
 * each view has a path of its own, at which there is the one page. Immutable.
 */
public final class ConsoleFiles {

    /** The views. Each is a path, so that a link leads to it. */
    public static final Set<String> VIEWS = Set.of("attention", "transactions", "transaction",
        "overview", "participants", "topics", "bulk", "audit", "settings", "login");

    /** Where the files are, and the list of their names. */
    private static final String FOLDER = "/console/";
    private static final String LIST = "files.txt";

    private static final String PAGE = "index.html";

    /** The library of the scripts, as the jar of that version has it. */
    private static final String LIBRARY = "lit-html.js";
    private static final String LIBRARY_AT = "/META-INF/resources/webjars/lit-html/3.3.1/";

    private final Map<String, ConsoleFile> byName;

    private ConsoleFiles(Map<String, ConsoleFile> byName) {
        this.byName = Map.copyOf(byName);
    }

    /** Reads them; none if lit-html is not on the class path, as in an application. Blocks. */
    public static Optional<ConsoleFiles> read() {
        if (ConsoleFiles.class.getResource(LIBRARY_AT + LIBRARY) == null) {
            return Optional.empty();
        }
        Map<String, ConsoleFile> files = new HashMap<>();
        for (String name : names()) {
            files.put(name, file(name, resource(FOLDER + name)));
        }
        files.put(LIBRARY, file(LIBRARY, resource(LIBRARY_AT + LIBRARY)));
        return Optional.of(new ConsoleFiles(files));
    }

    /** The file of that name, or the page if it is empty or the name of a view. */
    public Optional<ConsoleFile> find(String name) {
        return Optional.ofNullable(
            byName.get(name.isEmpty() || VIEWS.contains(name) ? PAGE : name));
    }

    private static List<String> names() {
        return new String(resource(FOLDER + LIST), StandardCharsets.UTF_8).lines()
            .map(String::strip).filter(line -> !line.isEmpty()).toList();
    }

    private static ConsoleFile file(String name, byte[] content) {
        return new ConsoleFile(kind(name), content, tag(content));
    }

    private static ConsoleFile.Kind kind(String name) {
        return switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "html" -> ConsoleFile.Kind.PAGE;
            case "css" -> ConsoleFile.Kind.STYLE;
            case "js" -> ConsoleFile.Kind.SCRIPT;
            case "svg" -> ConsoleFile.Kind.PICTURE;
            default -> throw new IllegalStateException("no file of the console: " + name);
        };
    }

    private static String tag(byte[] content) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(content);
            return '"' + HexFormat.of().formatHex(hash, 0, 16) + '"';
        } catch (NoSuchAlgorithmException everyJdkHasIt) {
            throw new IllegalStateException(everyJdkHasIt);
        }
    }

    private static byte[] resource(String path) {
        try (InputStream in = ConsoleFiles.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalStateException(path + " is not on the class path");
            }
            return in.readAllBytes();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}

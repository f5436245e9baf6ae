package io.pactor.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** A page of the repository's documentation, for tests that hold it against the code. */
public final class MarkdownPage {

    private static final Pattern JAVA = Pattern.compile("(?ms)^```java\n(.*?)^```$");
    private static final Pattern KEY = Pattern.compile("(?m)^\\| `([^`]+)` \\|");

    private final String text;

    private MarkdownPage(String text) {
        this.text = text;
    }

    /** @param file relative to the root of the repository, above the module that is tested */
    public static MarkdownPage read(String file) {
        return new MarkdownPage(read(root().resolve(file)));
    }

    /** The root of the repository: the first folder above that has a CHANGELOG. */
    public static Path root() {
        Path folder = Path.of("").toAbsolutePath();
        while (!Files.exists(folder.resolve("CHANGELOG.md"))) {
            folder = folder.getParent();
        }
        return folder;
    }

    /** The blocks of Java that are not, line for line, in one of these files of the repository. */
    public List<String> javaThatIsNotIn(String... files) {
        StringBuilder code = new StringBuilder();
        for (String file : files) {
            code.append(stripped(read(root().resolve(file))));
        }
        return all(JAVA).stream().map(MarkdownPage::stripped)
            .filter(block -> !code.toString().contains(block)).toList();
    }

    /** What the first columns of its tables name in backticks, as in a table of properties. */
    public List<String> keys() {
        return all(KEY);
    }

    private List<String> all(Pattern pattern) {
        List<String> found = new ArrayList<>();
        Matcher matcher = pattern.matcher(text);
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }

    private static String stripped(String code) {
        return code.lines().map(String::strip).collect(Collectors.joining("\n", "\n", "\n"));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}

package docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One page of the documentation, taken apart.
 *
 * @param file the page, relative to the root of the project
 * @param prose its lines, those of fenced blocks replaced by empty ones
 * @param blocks its fenced blocks, in order
 */
record Page(Path file, List<String> prose, List<Block> blocks) {

    /** The root of the project: tests run there. */
    static final Path ROOT = Path.of("").toAbsolutePath();

    private static final Pattern MARK = Pattern.compile("<!-- (.+) -->");
    private static final Pattern LINK = Pattern.compile("]\\(([^)\\s]+)\\)");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern HEADING = Pattern.compile("#{1,6} (.+)");

    /**
     * A fenced block.
     *
     * @param line where it begins, from 1
     * @param mark what the comment right above it says; empty if there is none
     * @param language what stands behind the fence; may be empty
     */
    record Block(int line, String mark, String language, String text) {

        boolean isShell() {
            return language.equals("sh");
        }

        /** Whether it shows a command of ours, which must then be run or excused. */
        boolean isCommand() {
            return isShell()
                && Pattern.compile("(?m)^(curl|java|mvn|pactor) ").matcher(text).find();
        }
    }

    /** All pages: those in the root, and all below docs. */
    static List<Page> all() {
        try (Stream<Path> root = Files.list(ROOT);
                Stream<Path> docs = Files.walk(ROOT.resolve("docs"))) {
            return Stream.concat(root, docs)
                .filter(path -> path.toString().endsWith(".md"))
                .map(ROOT::relativize)
                .sorted()
                .map(Page::read)
                .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Page read(String file) {
        return read(Path.of(file));
    }

    private static Page read(Path file) {
        List<String> lines;
        try {
            lines = Files.readAllLines(ROOT.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        List<String> prose = new ArrayList<>();
        List<Block> blocks = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            if (!lines.get(i).startsWith("```")) {
                prose.add(lines.get(i));
                continue;
            }
            int end = i + 1;
            while (!lines.get(end).equals("```")) {
                end++; // Runs off the end, and says so, if the fence is never closed.
            }
            Matcher mark = MARK.matcher(i == 0 ? "" : lines.get(i - 1));
            blocks.add(new Block(i + 1, mark.matches() ? mark.group(1) : "",
                lines.get(i).substring(3).trim(),
                String.join("\n", lines.subList(i + 1, end)) + "\n"));
            for (; i <= end; i++) {
                prose.add("");
            }
            i = end;
        }
        return new Page(file, List.copyOf(prose), List.copyOf(blocks));
    }

    /** The targets of its links. */
    List<String> links() {
        return found(LINK, prose.stream().map(line -> CODE.matcher(line).replaceAll("`…`")));
    }

    /** What it sets as code within its prose. */
    List<String> codes() {
        return found(CODE, prose.stream());
    }

    List<String> headings() {
        return prose.stream().map(HEADING::matcher).filter(Matcher::matches)
            .map(heading -> heading.group(1)).toList();
    }

    /** What a link may name behind its hash. */
    List<String> anchors() {
        return headings().stream()
            .map(heading -> heading.toLowerCase(Locale.ROOT)
                .replaceAll("[^\\p{L}\\p{N} _-]", "").replace(' ', '-'))
            .toList();
    }

    @Override
    public String toString() {
        return file.toString();
    }

    private static List<String> found(Pattern pattern, Stream<String> lines) {
        return lines.flatMap(line -> pattern.matcher(line).results())
            .map(result -> result.group(1)).toList();
    }
}

package docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What can be known of the pages by reading them. {@link DocsIT} does what they say. */
class DocsTest {

    /** Pages whose every command is run, or says why not. */
    private static final List<String> RUN = List.of("README.md", "README.zh-CN.md",
        "docs/start.md", "docs/modes-by-curl.md", "docs/operating.md", "docs/cli.md",
        "docs/runbook.md", "docs/troubleshooting.md",
        "docs/participants.md", "docs/embedding.md", "docs/testing.md", "docs/java.md",
        "docs/spring.md");

    /** Their settings are those of the client, which its own build holds against the code. */
    private static final Set<String> OF_THE_CLIENT = Set.of("docs/java.md", "docs/spring.md");

    private static final Pattern CLASS = Pattern.compile("[a-z]+/[A-Z]\\w+");
    private static final Pattern TEST = Pattern.compile("[A-Z][A-Za-z0-9]*(Test|IT)");
    private static final Pattern SETTING = Pattern.compile("pactor(\\.[a-z][a-z-]*)+");

    @Test
    void everyLinkLeadsSomewhereInThisRepository() {
        List<String> broken = new ArrayList<>();
        for (Page page : Page.all()) {
            for (String link : page.links()) {
                whyBroken(page, link).ifPresent(
                    why -> broken.add(page + ": " + link + " " + why));
            }
        }
        assertEquals(List.of(), broken);
    }

    @Test
    void everyPageOpensWithItsTitleAndThenTheAnswer() {
        for (Page page : Page.all()) {
            List<String> said = page.prose().stream().filter(line -> !line.isBlank()).toList();
            assertTrue(said.get(0).startsWith("# "), page + " opens with a title");
            assertTrue(!said.get(1).startsWith("#"), page + " goes on with a sentence");
        }
    }

    @Test
    void everyCommandIsRunOrSaysWhyNot() {
        List<String> unmarked = pages()
            .flatMap(page -> page.blocks().stream()
                .filter(Page.Block::isCommand)
                .filter(block -> !block.mark().startsWith("shown: "))
                .filter(block -> !Script.MARKS.contains(block.mark().replaceAll(":.*", "")))
                .map(block -> page + ":" + block.line()))
            .toList();
        assertEquals(List.of(), unmarked);
    }

    @Test
    void everyCommandThatIsRunCanBeRead() {
        pages().forEach(page -> Script.of(page).size());
    }

    @Test
    void bothReadmesShowTheSameCommandsAndLinks() {
        Page english = Page.read("README.md");
        Page chinese = Page.read("README.zh-CN.md");

        assertEquals(texts(english), texts(chinese));
        assertEquals(marks(english), marks(chinese));
        assertEquals(english.headings().size(), chinese.headings().size());
        assertEquals(without("README.zh-CN.md", english), without("README.md", chinese));
    }

    @Test
    void theClassesThatAreNamedExist() throws IOException {
        Set<String> main = sources("src/main/java");
        Set<String> tests = sources("src/test/java");
        Set<String> simple = tests.stream().map(name -> name.replaceAll(".*/", ""))
            .collect(Collectors.toSet());
        Set<String> missing = new TreeSet<>();
        for (Page page : Page.all()) {
            for (String code : page.codes()) {
                boolean named = CLASS.matcher(code).matches()
                    && !main.contains(code) && !tests.contains(code);
                boolean test = TEST.matcher(code).matches() && !simple.contains(code);
                if (named || test) {
                    missing.add(page + ": " + code);
                }
            }
        }
        assertEquals(Set.of(), missing);
    }

    @Test
    void theSettingsThatAreNamedExist() {
        Config reference = ConfigFactory.defaultReference();
        List<String> unknown = Page.all().stream()
            .filter(page -> !OF_THE_CLIENT.contains(page.file().toString()))
            .flatMap(page -> page.codes().stream()
                .filter(code -> SETTING.matcher(code).matches())
                .filter(code -> !reference.hasPath(code))
                .map(code -> page + ": " + code))
            .toList();
        assertEquals(List.of(), unknown);
    }

    @ParameterizedTest
    @CsvSource({"docs/embedding.md, docs/Shop docs/MeteredShop",
        "docs/testing-your-saga.md, docs/OrderTest"})
    void theCodeOfThePageIsCompiledAndRun(String page, String tests) throws IOException {
        var examples = new StringBuilder();
        for (String test : tests.split(" ")) {
            examples.append(stripped(
                Files.readString(Page.ROOT.resolve("src/test/java/" + test + ".java"))));
        }
        String example = examples.toString();
        List<String> invented = Page.read(page).blocks().stream()
            .filter(block -> block.language().equals("java"))
            .map(block -> stripped(block.text()))
            .filter(code -> !example.contains(code))
            .toList();
        assertEquals(List.of(), invented);
    }

    private static String stripped(String code) {
        return code.lines().map(String::strip).collect(Collectors.joining("\n", "\n", "\n"));
    }

    private static Optional<String> whyBroken(Page page, String link) {
        if (link.contains("://")) {
            return Optional.of("points outside");
        }
        String file = link.replaceAll("#.*", "");
        Path here = Page.ROOT.resolve(page.file());
        Path target = file.isEmpty() ? here : here.resolveSibling(file).normalize();
        if (!target.startsWith(Page.ROOT) || !Files.exists(target)) {
            return Optional.of("is not there");
        }
        String anchor = link.contains("#") ? link.replaceAll(".*#", "") : "";
        boolean leads = anchor.isEmpty() || Page.read(Page.ROOT.relativize(target).toString())
            .anchors().contains(anchor);
        return leads ? Optional.empty() : Optional.of("has no such heading");
    }

    private static Stream<Page> pages() {
        return RUN.stream().map(Page::read);
    }

    private static List<String> texts(Page page) {
        return page.blocks().stream().map(Page.Block::text).toList();
    }

    /** What is run, and how; the reason why something is not run is prose and may differ. */
    private static List<String> marks(Page page) {
        return page.blocks().stream()
            .map(block -> block.mark().replaceAll("^shown: .*", "shown")).toList();
    }

    private static List<String> without(String link, Page page) {
        return page.links().stream().filter(each -> !each.equals(link)).toList();
    }

    private static Set<String> sources(String root) throws IOException {
        Path from = Page.ROOT.resolve(root);
        try (Stream<Path> files = Files.walk(from)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                .map(file -> from.relativize(file).toString().replace(".java", ""))
                .collect(Collectors.toSet());
        }
    }
}

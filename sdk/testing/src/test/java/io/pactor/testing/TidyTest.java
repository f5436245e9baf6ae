package io.pactor.testing;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Files can be read at a sitting, and lines without scrolling. */
class TidyTest {

    private static final int LINES_MAX = 400;
    private static final int COLUMNS_MAX = 100;

    @Test
    void filesAndLinesAreShort() throws IOException {
        List<String> tooLong = new ArrayList<>();
        for (Path file : sources()) {
            List<String> lines = Files.readAllLines(file);
            if (lines.size() > LINES_MAX) {
                tooLong.add(file + ": " + lines.size() + " lines");
            }
            for (int i = 0; i < lines.size(); i++) {
                if (lines.get(i).length() > COLUMNS_MAX && !lines.get(i).startsWith("import ")) {
                    tooLong.add(file + ":" + (i + 1));
                }
            }
        }
        assertEquals(List.of(), tooLong);
    }

    private static List<Path> sources() throws IOException {
        Path sdk = MarkdownPage.root().resolve("sdk");
        try (Stream<Path> files = Files.walk(sdk)) {
            return files.filter(file -> file.toString().endsWith(".java"))
                .filter(file -> !file.toString().contains("/target/")).toList();
        }
    }
}

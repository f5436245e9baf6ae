package http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import transaction.Outcome;

/**
 * Plays the conversations in {@code golden/wire} with a fresh server each, and compares the answers
 * byte for byte. They are what clients in the field send; add to them, do not edit them.
 *
 * <pre>
 * # a remark
 * participant URL KIND reason     what the participant there answers from now on
 * advance PT10S                   the clock moves, and all that is due looks again
 * &gt; POST /path                    a request; the lines up to the answer are its body
 * &gt;&gt; Name: value                  a header of it
 * &lt; 200                           the answer's status (and its type, if it is not JSON)
 * {...}                           its body, on one line
 * </pre>
 *
 * <p>What the answers really were is left in {@code target/golden/wire}.
 */
class GoldenWireTest {

    private static final String JSON = "application/json; charset=utf-8";

    static Stream<Path> conversations() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/test/resources/golden/wire"))) {
            return files.filter(file -> file.toString().endsWith(".txt")).sorted().toList()
                .stream();
        }
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("conversations")
    void theAnswersAreTheSameToTheByte(Path file) throws IOException {
        String golden = Files.readString(file);
        String played;
        try (Wire wire = Wire.start()) {
            played = new Player(wire).play(golden.lines().toList());
        }
        Path seen = Path.of("target/golden/wire").resolve(file.getFileName());
        Files.createDirectories(seen.getParent());
        Files.writeString(seen, played);
        assertTrue(golden.contains("\n> "), "there is a request in it");
        assertEquals(golden, played);
    }

    private static final class Player {

        private final Wire wire;
        private final StringBuilder played = new StringBuilder();

        Player(Wire wire) {
            this.wire = wire;
        }

        String play(List<String> lines) {
            for (int i = 0; i < lines.size(); i++) {
                String line = lines.get(i);
                played.append(line).append('\n');
                if (line.startsWith("> ")) {
                    i = exchange(lines, i);
                } else if (line.startsWith("participant ")) {
                    script(line.split(" ", 4));
                } else if (line.startsWith("advance ")) {
                    wire.coordinator.clock.advance(Duration.parse(line.substring(8)));
                    wire.coordinator.wakeAll();
                }
            }
            return played.toString();
        }

        /** Returns the line on which it ends. */
        private int exchange(List<String> lines, int start) {
            int i = start + 1;
            List<String> headers = new ArrayList<>();
            List<String> body = new ArrayList<>();
            for (; !lines.get(i).startsWith("< "); i++) {
                played.append(lines.get(i)).append('\n');
                if (lines.get(i).startsWith(">> ")) {
                    headers.addAll(List.of(lines.get(i).substring(3).split(": ", 2)));
                } else {
                    body.add(lines.get(i));
                }
            }
            String[] request = lines.get(start).split(" ", 3);
            WireClient.Answer answer = wire.send(request[1], request[2], String.join("\n", body),
                headers.toArray(String[]::new));
            played.append("< ").append(answer.status())
                .append(answer.type().equals(JSON) ? "" : " " + answer.type()).append('\n')
                .append(answer.body()).append('\n');
            return i + 1;
        }

        private void script(String[] words) {
            Outcome outcome = new Outcome(Outcome.Kind.valueOf(words[2]),
                words.length > 3 ? words[3] : "", Duration.ZERO);
            wire.coordinator.participant(words[1], outcome);
        }
    }
}

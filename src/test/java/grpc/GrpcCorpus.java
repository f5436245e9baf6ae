package grpc;

import io.grpc.Metadata;
import io.grpc.Status;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Calls that are kept: one for each kind of answer that random ones have met, and whatever was once
 * answered wrongly. A line each: method, the messages in Base64 with commas between; {@code -} for
 * none, {@code .} for an empty one.
 */
final class GrpcCorpus {

    private static final Path FILE = Path.of("src/test/resources/corpus/grpc.txt");

    /** As long as the participant's address is, since messages know the lengths of their fields. */
    private static final String PLACE = "http://127.0.0.1:11111/";

    /** Larger ones are tested elsewhere. */
    private static final int BYTES_MAX = 600;

    /** How much of an answer's text tells its kind. */
    private static final int WORDS = 18;

    private final String participant;
    private final Map<String, RandomMessages.Input> kinds = new LinkedHashMap<>();

    GrpcCorpus(String participant) {
        if (participant.length() != PLACE.length()) {
            throw new IllegalArgumentException("a port of five digits is needed: " + participant);
        }
        this.participant = participant;
    }

    List<RandomMessages.Input> kept() throws IOException {
        List<RandomMessages.Input> inputs = new ArrayList<>();
        for (String line : Files.readAllLines(FILE)) {
            String[] fields = line.split(" ");
            List<byte[]> messages = fields[1].equals("-") ? List.of()
                : Arrays.stream(fields[1].split(",", -1))
                    .map(each -> Base64.getDecoder().decode(each.equals(".") ? "" : each))
                    .map(each -> replaced(each, PLACE, participant))
                    .toList();
            inputs.add(new RandomMessages.Input(fields[0], new Metadata(), messages, line));
        }
        return inputs;
    }

    /** Remembers {@code input} if it is the first that is answered in this way. */
    void meet(RandomMessages.Input input, Status status) {
        int bytes = input.messages().stream().mapToInt(message -> message.length).sum();
        if (bytes <= BYTES_MAX) {
            String text = String.valueOf(status.getDescription());
            kinds.putIfAbsent(input.method() + " " + status.getCode() + " "
                + text.substring(0, Math.min(WORDS, text.length())), input);
        }
    }

    /** Writes down what was met, to be looked at and committed. */
    void writeTo(Path file) throws IOException {
        List<String> lines = new ArrayList<>();
        for (RandomMessages.Input input : kinds.values()) {
            String messages = input.messages().stream()
                .map(each -> each.length == 0 ? "."
                    : Base64.getEncoder().encodeToString(replaced(each, participant, PLACE)))
                .collect(Collectors.joining(","));
            lines.add(input.method() + " " + (input.messages().isEmpty() ? "-" : messages));
        }
        Files.write(file, lines);
    }

    private static byte[] replaced(byte[] message, String what, String by) {
        return new String(message, StandardCharsets.ISO_8859_1).replace(what, by)
            .getBytes(StandardCharsets.ISO_8859_1);
    }
}

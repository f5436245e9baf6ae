package http;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Requests that are kept: one for each kind of answer that random ones have met, and whatever was
 * once answered wrongly. A line each: method, target, the body in Base64, or {@code -}.
 */
final class Corpus {

    static final Path FILE = Path.of("src/test/resources/corpus/http.txt");

    /** Stands for the address of the participant, which is another one in each run. */
    private static final String PLACE = "{participant}";

    /** Larger ones are tested elsewhere. */
    private static final int BODY_MAX = 600;

    /** How much of an answer tells its kind. */
    private static final int WORDS = 18;

    private final String participant;
    private final Map<String, RandomRequests.Request> kinds = new LinkedHashMap<>();

    Corpus(String participant) {
        this.participant = participant;
    }

    List<RandomRequests.Request> kept() {
        List<RandomRequests.Request> requests = new ArrayList<>();
        try {
            for (String line : Files.readAllLines(FILE)) {
                String[] fields = line.split(" ");
                byte[] body = fields[2].equals("-") ? new byte[0]
                    : Base64.getDecoder().decode(fields[2]);
                requests.add(new RandomRequests.Request(
                    fields[0], fields[1], replaced(body, PLACE, participant)));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return requests;
    }

    /** Remembers {@code request} if it is the first that is answered in this way. */
    void meet(RandomRequests.Request request, WireClient.Answer answer) {
        String kind = request.method() + " " + request.target().split("\\?")[0] + " "
            + answer.status() + " " + words(answer.body());
        if (request.body().length <= BODY_MAX) {
            kinds.putIfAbsent(kind, request);
        }
    }

    /** Writes down what was met, to be looked at and committed. */
    void writeTo(Path file) throws IOException {
        List<String> lines = new ArrayList<>();
        for (RandomRequests.Request request : kinds.values()) {
            byte[] body = replaced(request.body(), participant, PLACE);
            lines.add(request.method() + " " + request.target() + " "
                + (body.length == 0 ? "-" : Base64.getEncoder().encodeToString(body)));
        }
        Files.write(file, lines);
    }

    /** The beginning of an answer, without what differs from one to the next. */
    private static String words(String body) {
        return body.substring(0, Math.min(WORDS, body.length())).replaceAll("[^A-Za-z_ ]+", "");
    }

    private static byte[] replaced(byte[] body, String what, String by) {
        return new String(body, StandardCharsets.ISO_8859_1).replace(what, by)
            .getBytes(StandardCharsets.ISO_8859_1);
    }
}

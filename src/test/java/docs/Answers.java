package docs;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Whether an answer is as the page shows it. In a text, {@code …} stands for anything; in a JSON
 * object, {@code "…": "…"} stands for further fields, and without it there must be none.
 */
final class Answers {

    private static final String ANY = "…";
    private static final ObjectMapper JSON = new ObjectMapper();

    private Answers() {}

    /** The answers that a block shows one after another, each to be compared by itself. */
    static List<String> split(String block) throws IOException {
        List<String> answers = new ArrayList<>();
        try (MappingIterator<JsonNode> nodes = JSON.readerFor(JsonNode.class).readValues(block)) {
            while (nodes.hasNext()) {
                answers.add(nodes.next().toString());
            }
        }
        return answers;
    }

    static boolean fit(String shown, String actual) throws IOException {
        return fits(JSON.readTree(shown), JSON.readTree(actual));
    }

    static boolean fitText(String shown, String actual) {
        StringBuilder pattern = new StringBuilder();
        for (String part : shown.strip().split(ANY, -1)) {
            pattern.append(pattern.length() == 0 ? "" : ".*").append(Pattern.quote(part));
        }
        return Pattern.compile(pattern.toString(), Pattern.DOTALL)
            .matcher(actual.strip()).matches();
    }

    private static boolean fits(JsonNode shown, JsonNode actual) {
        if (actual == null) {
            return false;
        }
        if (shown.isTextual()) {
            return shown.textValue().equals(ANY)
                || actual.isTextual() && fitText(shown.textValue(), actual.textValue());
        }
        if (shown.isArray()) {
            boolean fits = actual.isArray() && actual.size() == shown.size();
            for (int i = 0; fits && i < shown.size(); i++) {
                fits = fits(shown.get(i), actual.get(i));
            }
            return fits;
        }
        if (!shown.isObject()) {
            return shown.equals(actual);
        }
        boolean open = shown.has(ANY);
        boolean fits = actual.isObject() && (open || actual.size() == shown.size());
        for (Iterator<String> names = shown.fieldNames(); fits && names.hasNext();) {
            String name = names.next();
            fits = name.equals(ANY) || fits(shown.get(name), actual.get(name));
        }
        return fits;
    }
}

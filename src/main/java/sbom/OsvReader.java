package sbom;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import sbom.Advisory.Affected;
import sbom.VersionRange.Event;
import sbom.VersionRange.Kind;

/** Reads advisories in the form of the OSV schema, versions 1.0 to 1.7. */
final class OsvReader {

    private static final String MAVEN = "Maven";

    private static final Map<String, Kind> KINDS = Map.of("introduced", Kind.INTRODUCED,
        "fixed", Kind.FIXED, "last_affected", Kind.LAST_AFFECTED, "limit", Kind.LIMIT);

    private static final ObjectMapper JSON = new ObjectMapper()
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private OsvReader() {}

    /**
     * Reads one advisory, an array of them, or what osv.dev answers, which has them below
     * {@code vulns}.
     *
     * @throws MalformedFile if it is none of these
     */
    static List<Advisory> read(byte[] json) throws MalformedFile {
        JsonNode root;
        try {
            root = JSON.readTree(json);
        } catch (IOException noJson) {
            throw new MalformedFile("it is not JSON");
        }
        if (root != null && root.path("vulns").isArray()) {
            root = root.path("vulns");
        }
        List<Advisory> all = new ArrayList<>();
        if (root != null && root.isArray()) {
            for (JsonNode each : root) {
                all.add(advisory(each));
            }
        } else {
            all.add(advisory(root));
        }
        return all;
    }

    private static Advisory advisory(JsonNode node) throws MalformedFile {
        if (node == null || !node.isObject() || !node.path("id").isTextual()
                || node.path("id").asText().isBlank()) {
            throw new MalformedFile("it is not an advisory in the form of OSV: it has no id");
        }
        String id = node.path("id").asText();
        try {
            List<Affected> affected = new ArrayList<>();
            for (JsonNode each : array(node, "affected")) {
                String ecosystem = text(each.path("package"), "ecosystem");
                if (ecosystem.equals(MAVEN) || ecosystem.startsWith(MAVEN + ":")) {
                    affected.add(affected(each));
                }
            }
            return new Advisory(id, texts(node, "aliases"), node.path("summary").asText(),
                node.hasNonNull("withdrawn"), affected);
        } catch (MalformedFile wrong) {
            throw wrong.in(id);
        }
    }

    private static Affected affected(JsonNode node) throws MalformedFile {
        List<String> versions = texts(node, "versions");
        List<VersionRange> ranges = new ArrayList<>();
        for (JsonNode range : array(node, "ranges")) {
            switch (text(range, "type")) {
                case "ECOSYSTEM", "SEMVER" -> ranges.add(range(range));
                // Commits say nothing of a jar, and what a later schema adds we do not know.
                default -> { }
            }
        }
        return new Affected(text(node.path("package"), "name"), versions, ranges,
            !versions.isEmpty() || !ranges.isEmpty());
    }

    private static VersionRange range(JsonNode node) throws MalformedFile {
        List<Event> events = new ArrayList<>();
        for (JsonNode each : array(node, "events")) {
            for (Map.Entry<String, JsonNode> event : each.properties()) {
                Kind kind = KINDS.get(event.getKey());
                if (kind == null || !event.getValue().isTextual()) {
                    throw new MalformedFile(
                        "an event of a range is not one of introduced, fixed, last_affected"
                            + " and limit with a version");
                }
                events.add(new Event(kind, event.getValue().asText()));
            }
        }
        if (events.stream().noneMatch(event -> event.kind() == Kind.INTRODUCED)) {
            throw new MalformedFile("a range does not say where it begins (introduced)");
        }
        return new VersionRange(events);
    }

    private static String text(JsonNode node, String name) throws MalformedFile {
        if (!node.path(name).isTextual() || node.path(name).asText().isBlank()) {
            throw new MalformedFile(name + " is missing or not a text");
        }
        return node.path(name).asText();
    }

    private static List<String> texts(JsonNode node, String name) throws MalformedFile {
        List<String> texts = new ArrayList<>();
        for (JsonNode each : array(node, name)) {
            if (!each.isTextual()) {
                throw new MalformedFile(name + " is not a list of texts");
            }
            texts.add(each.asText());
        }
        return texts;
    }

    /** Empty if it is not there, which the schema allows. */
    private static JsonNode array(JsonNode node, String name) throws MalformedFile {
        JsonNode array = node.path(name);
        if (!array.isMissingNode() && !array.isNull() && !array.isArray()) {
            throw new MalformedFile(name + " is not a list");
        }
        return array;
    }
}

package sbom;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The components of a bill of materials in the form of CycloneDX, as JSON. Immutable.
 *
 * @param components in the order of the file; never empty
 */
public record BillOfMaterials(List<Component> components) {

    /** Where both jars have theirs. */
    public static final String RESOURCE = "META-INF/sbom/pactor.cdx.json";

    private static final ObjectMapper JSON = new ObjectMapper()
        .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    public BillOfMaterials {
        components = List.copyOf(components);
    }

    /**
     * Reads a whole file.
     *
     * @throws MalformedFile if it is no bill of materials, or says of nothing what it is
     */
    public static BillOfMaterials read(byte[] json) throws MalformedFile {
        JsonNode root;
        try {
            root = JSON.readTree(json);
        } catch (IOException noJson) {
            throw new MalformedFile("it is not JSON");
        }
        if (root == null || !root.path("bomFormat").asText().equals("CycloneDX")) {
            throw new MalformedFile("it is not a bill of materials in the form of CycloneDX");
        }
        List<Component> components = new ArrayList<>();
        for (JsonNode each : root.path("components")) {
            String group = each.path("group").asText();
            String name = each.path("name").asText();
            String version = each.path("version").asText();
            if (name.isEmpty() || version.isEmpty()) {
                throw new MalformedFile("a component has no name or no version");
            }
            components.add(new Component(group.isEmpty() ? name : group + ":" + name, version));
        }
        if (components.isEmpty()) {
            throw new MalformedFile("it names no components");
        }
        return new BillOfMaterials(components);
    }
}

package pactor.settings;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Reads a YAML file as a list of keys, each with its value and line.
 *
 * <p>The tree of nodes is walked, and no object is made from it: so a tag in the file can name no
 * class, each value keeps its line, and it keeps its text, so that {@code 010} and {@code 1:30} are
 * not what old YAML makes of them. Anchors and merge keys are for longer documents than a
 * configuration; they are refused.
 */
final class YamlFile {

    private static final int DEPTH_MAX = 16;

    /**
     * One value.
     *
     * @param key the names from the root, joined by dots
     * @param value its text, or for a list the texts of its elements
     * @param line counted from 1
     */
    record Entry(String key, Object value, int line) {}

    private final String name;
    private final List<Entry> entries = new ArrayList<>();

    private YamlFile(String name) {
        this.name = name;
    }

    /**
     * Every value of a file; those that are null are left out.
     *
     * @param name the file's name, for messages
     * @throws BadConfiguration if it is not YAML, or not a mapping
     */
    static List<Entry> read(String name, String text) {
        var file = new YamlFile(name);
        var options = new LoaderOptions();
        options.setMaxAliasesForCollections(0);
        options.setNestingDepthLimit(DEPTH_MAX);
        try {
            Node root = new Yaml(new SafeConstructor(options)).compose(new StringReader(text));
            if (root instanceof MappingNode mapping) {
                file.mapping("", mapping);
            } else if (root != null && root.getTag() != Tag.NULL) {
                throw file.refused(root,
                    "the file must hold keys and values, as in HttpPort: 8080");
            }
        } catch (MarkedYAMLException wrong) {
            int line = wrong.getProblemMark() == null ? 0 : wrong.getProblemMark().getLine() + 1;
            throw new BadConfiguration(name + ":" + line + ": this is not YAML: "
                + wrong.getProblem());
        } catch (YAMLException wrong) {
            throw new BadConfiguration(name + ": this is not YAML: " + wrong.getMessage());
        }
        return file.entries;
    }

    private void mapping(String prefix, MappingNode mapping) {
        Set<String> seen = new HashSet<>();
        for (NodeTuple tuple : mapping.getValue()) {
            Node key = tuple.getKeyNode();
            if (!(key instanceof ScalarNode scalar) || key.getTag().equals(Tag.MERGE)) {
                throw refused(key, "a key must be a name");
            }
            if (!seen.add(scalar.getValue())) {
                throw refused(key, "the key " + prefix + scalar.getValue() + " stands here twice");
            }
            value(prefix + scalar.getValue(), tuple.getValueNode(), line(key));
        }
    }

    private void value(String key, Node node, int line) {
        if (node instanceof MappingNode mapping) {
            mapping(key + ".", mapping);
        } else if (node instanceof SequenceNode sequence) {
            List<String> texts = new ArrayList<>();
            for (Node element : sequence.getValue()) {
                if (!(element instanceof ScalarNode scalar)) {
                    throw refused(element, "a list may hold nothing but plain values");
                }
                texts.add(scalar.getValue());
            }
            entries.add(new Entry(key, texts, line));
        } else if (node instanceof ScalarNode scalar && !node.getTag().equals(Tag.NULL)) {
            entries.add(new Entry(key, scalar.getValue(), line));
        }
    }

    private BadConfiguration refused(Node at, String because) {
        return new BadConfiguration(name + ":" + line(at) + ": " + because);
    }

    private static int line(Node node) {
        return node.getStartMark().getLine() + 1;
    }
}

package pactor.settings;

import java.util.ArrayList;
import java.util.List;

/** What was found while the configuration was read. For one thread. */
final class Findings {

    private final List<String> problems = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();

    /** Something that makes the configuration unusable. */
    void problem(String line) {
        problems.add(line);
    }

    /** Something that the operator should know. */
    void warning(String line) {
        warnings.add(line);
    }

    List<String> problems() {
        return List.copyOf(problems);
    }

    List<String> warnings() {
        return List.copyOf(warnings);
    }
}

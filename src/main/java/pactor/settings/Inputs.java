package pactor.settings;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the configuration of a server is made from, the strongest first. Immutable.
 *
 * @param flags of the command line
 * @param properties of the JVM; those that begin with {@code pactor.} or {@code pekko.} are taken
 * @param environment the variables of the process
 * @param file YAML or HOCON, told apart by the end of its name; empty if there is none
 */
public record Inputs(
        List<Flag> flags,
        Map<String, String> properties,
        Map<String, String> environment,
        Optional<Path> file) {

    public Inputs {
        flags = List.copyOf(flags);
        properties = Map.copyOf(properties);
        environment = Map.copyOf(environment);
    }

    /**
     * A value given on the command line.
     *
     * @param name as it was written, {@code --port}; empty if an application gives it
     * @param key what it sets, {@code pactor.http.port}
     * @param value its text
     */
    public record Flag(String name, String key, String value) {}
}

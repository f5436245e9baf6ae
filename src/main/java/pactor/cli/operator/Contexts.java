package pactor.cli.operator;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import pactor.settings.ControlCharacters;
import tls.TlsFiles;

/**
 * The servers that a file names, as sections of {@code key = value}. Immutable.
 *
 * @param file where they are written
 * @param chosen the name of the one that is taken if nothing else is said; may be empty
 * @param named each by its name, in the order of the file
 */
record Contexts(Path file, String chosen, Map<String, CliContext> named) {

    /** Names the file, if it is not in its usual place. */
    static final String FILE = "PACTOR_CONFIG";

    /** Names one of its sections. */
    static final String NAME = "PACTOR_CONTEXT";

    private static final int BYTES_MAX = 64 << 10;

    private static final Set<String> KEYS =
        Set.of("server", "token-file", "ca", "certificate", "key");

    /** Where the file is: {@value #FILE}, or {@code pactor/config} where such files are kept. */
    static Path place(Map<String, String> environment) {
        String said = environment.getOrDefault(FILE, "");
        if (!said.isEmpty()) {
            return Path.of(said);
        }
        String home = environment.getOrDefault("XDG_CONFIG_HOME", "");
        Path kept = home.isEmpty()
            ? Path.of(environment.getOrDefault("HOME", ""), ".config") : Path.of(home);
        return kept.resolve("pactor").resolve("config");
    }

    /**
     * Reads the file. Blocks.
     *
     * @return without a context if there is no file in the usual place
     * @throws Failure if it cannot be read, or a line of it is wrong
     */
    static Contexts read(Map<String, String> environment) {
        Path file = place(environment);
        try {
            if (Files.exists(file) && Files.size(file) > BYTES_MAX) {
                throw wrong(file + " has more than " + BYTES_MAX + " bytes");
            }
            return of(file, Files.readAllLines(file, StandardCharsets.UTF_8));
        } catch (NoSuchFileException missing) {
            if (environment.getOrDefault(FILE, "").isEmpty()) {
                return new Contexts(file, "", Map.of());
            }
            throw wrong("there is no file " + file + ", which " + FILE + " names");
        } catch (IOException unreadable) {
            throw wrong(file + " cannot be read: " + unreadable);
        }
    }

    /** @throws Failure at a line that is wrong */
    static Contexts of(Path file, List<String> lines) {
        String chosen = "";
        Map<String, Map<String, String>> sections = new LinkedHashMap<>();
        Map<String, String> section = null;
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            String where = file + ":" + (i + 1) + ": ";
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            if (line.startsWith("[") && line.endsWith("]")) {
                section = new LinkedHashMap<>();
                String name = line.substring(1, line.length() - 1).strip();
                if (name.isEmpty() || sections.put(name, section) != null) {
                    throw wrong(where + "the context needs a name of its own");
                }
                continue;
            }
            int equals = line.indexOf('=');
            String key = equals < 0 ? "" : line.substring(0, equals).strip();
            String value = line.substring(equals + 1).strip();
            if (section == null ? !key.equals("context") : !KEYS.contains(key)) {
                throw wrong(where + "expected " + (section == null
                    ? "context = NAME or [NAME]" : KEYS.stream().sorted()
                        .map(each -> each + " = ...").collect(Collectors.joining(", "))));
            }
            if (section == null) {
                chosen = value;
            } else if (section.put(key, value) != null) {
                throw wrong(where + key + " is there twice");
            }
        }
        Map<String, CliContext> named = new LinkedHashMap<>();
        sections.forEach((name, keys) -> named.put(name, context(file, name, keys)));
        if (!chosen.isEmpty() && !named.containsKey(chosen)) {
            throw wrong(file + " has no [" + chosen + "], which its context names");
        }
        return new Contexts(file, chosen, named);
    }

    /**
     * The context of that name, or the one that the file chooses.
     *
     * @param name may be empty
     * @return none if nothing is chosen
     * @throws Failure if there is none of that name
     */
    Optional<CliContext> find(String name) {
        String wanted = name.isEmpty() ? chosen : name;
        if (!wanted.isEmpty() && !named.containsKey(wanted)) {
            throw wrong("there is no context " + wanted + " in " + file
                + (named.isEmpty() ? "" : "; it has " + String.join(", ", named.keySet())));
        }
        return Optional.ofNullable(named.get(wanted));
    }

    private static CliContext context(Path file, String name, Map<String, String> keys) {
        try {
            String server = keys.get("server");
            return new CliContext(name,
                server == null ? CliContext.HERE : CliContext.address(server),
                path(file, keys, "token-file"), new TlsFiles(path(file, keys, "certificate"),
                    path(file, keys, "key"), path(file, keys, "ca")));
        } catch (IllegalArgumentException mistake) {
            throw wrong(file + ", [" + name + "]: " + mistake.getMessage());
        }
    }

    /** A path of the file is seen from where the file is; {@code ~/} is the user's home. */
    private static Optional<Path> path(Path file, Map<String, String> keys, String key) {
        return Optional.ofNullable(keys.get(key)).filter(text -> !text.isEmpty())
            .map(text -> text.startsWith("~/")
                ? Path.of(System.getProperty("user.home")).resolve(text.substring(2))
                : file.toAbsolutePath().resolveSibling(text));
    }

    private static Failure wrong(String what) {
        return new Failure(Failure.BAD_CONFIGURATION, ControlCharacters.escaped(what));
    }
}

package pactor.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import pactor.Pactor;

/**
 * Every key that may be set, as {@code reference.conf} lists them, each with the name it has in the
 * environment. Immutable.
 */
public final class SettingKeys {

    private static final String ROOT = Settings.ROOT + ".";
    private static final String ENVIRONMENT = "PACTOR_";

    /** With this at its end, the name of a secret in the environment names a file that holds it. */
    static final String FILE_SUFFIX = "_FILE";

    private final Set<String> known = new TreeSet<>();
    private final Map<String, String> byVariable = new TreeMap<>();
    private final Set<String> roots;

    private SettingKeys(Config reference) {
        for (var entry : reference.getConfig(Settings.ROOT).resolve().entrySet()) {
            String key = ROOT + entry.getKey();
            known.add(key);
            byVariable.put(variable(key), key);
        }
        roots = Set.copyOf(reference.root().keySet());
    }

    /** Those of the {@code reference.conf} of Pactor and of all libraries on the class path. */
    static SettingKeys onClassPath() {
        return new SettingKeys(ConfigFactory.defaultReferenceUnresolved());
    }

    /** Every key of Pactor, as in {@code pactor.http.port}, sorted. */
    Set<String> all() {
        return known;
    }

    boolean isKnown(String key) {
        return known.contains(key);
    }

    /** Whether there are keys below this one. */
    boolean isSection(String key) {
        return known.stream().anyMatch(each -> each.startsWith(key + "."));
    }

    /** Whether a key is for another library, which looks after its own. */
    boolean isForeign(String key) {
        int dot = key.indexOf('.');
        String root = dot < 0 ? key : key.substring(0, dot);
        return !root.equals(Settings.ROOT) && roots.contains(root);
    }

    /** The key that a variable of the environment sets. */
    Optional<String> ofVariable(String name) {
        return Optional.ofNullable(byVariable.get(name));
    }

    /** The secret key whose file a variable of the environment names. */
    Optional<String> ofFileVariable(String name) {
        return name.endsWith(FILE_SUFFIX)
            ? ofVariable(name.substring(0, name.length() - FILE_SUFFIX.length()))
                .filter(SettingKeys::isSecret)
            : Optional.empty();
    }

    /** Whether values of that key are secret, in whole or in part. */
    static boolean isSecret(String key) {
        String name = key.startsWith(ROOT) ? key.substring(ROOT.length()) : key;
        return SettingsReader.SECRETS.contains(name) || SettingsReader.URLS.contains(name);
    }

    public static boolean isVariable(String name) {
        return name.startsWith(ENVIRONMENT);
    }

    /** {@code PACTOR_HTTP_MAX_BODY} for {@code pactor.http.max-body}. */
    static String variable(String key) {
        return key.replace('.', '_').replace('-', '_').toUpperCase(Locale.ROOT);
    }
}

package pactor.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import pactor.Pactor;

/** The configuration in force, with the source of each value. Immutable. */
public final class Effective {

    private static final Pattern SECRET_NAME =
        Pattern.compile("(?i).*(password|passwd|secret|token|credential|private-key).*");

    /** What HOCON reads as the same text without quotes. */
    private static final Pattern PLAIN =
        Pattern.compile("(?!null$)[A-Za-z0-9]([A-Za-z0-9 _-]*[A-Za-z0-9])?");

    private final Config config;
    private final Settings settings;
    private final List<Config> layers;
    private final SettingKeys keys;
    private final List<String> warnings;

    /** @param layers what was given, the strongest first; all else is default */
    Effective(Config config, Settings settings, List<Config> layers, SettingKeys keys,
            List<String> warnings) {
        this.config = config;
        this.settings = settings;
        this.layers = List.copyOf(layers);
        this.keys = keys;
        this.warnings = List.copyOf(warnings);
    }

    /**
     * Reads and checks everything. Blocks for the reading of files.
     *
     * @throws BadConfiguration with every problem that was found
     */
    public static Effective of(Inputs inputs) {
        return Sources.read(inputs, "application.conf");
    }

    /**
     * The same for a server inside an application, which has no command line and whose environment
     * is the application's.
     *
     * @param settings keys of Pactor or Pekko with their values
     */
    public static Effective embedded(Map<String, String> settings) {
        List<Inputs.Flag> flags = settings.entrySet().stream()
            .map(each -> new Inputs.Flag("", each.getKey(), each.getValue())).toList();
        return Sources.read(new Inputs(flags, Map.of(), Map.of(), Optional.empty()),
            "pactor/embedded.conf");
    }

    /** All of it, resolved, as an actor system takes it. Holds secrets in the clear. */
    public Config config() {
        return config;
    }

    public Settings settings() {
        return settings;
    }

    /** What the operator should know; holds no secret. */
    public List<String> warnings() {
        return warnings;
    }

    /** Every key of Pactor, sorted. */
    Set<String> keys() {
        return keys.all();
    }

    /** Where the value of a key comes from: a flag, a variable, a file and line, or "default". */
    public String source(String key) {
        for (Config layer : layers) {
            if (layer.hasPathOrNull(key)) {
                // The origin of a null is that of its parent; nobody needs it more exactly.
                return Layer.place(layer.getIsNull(key)
                    ? layer.root().origin() : layer.getValue(key).origin());
            }
        }
        return "default";
    }

    /**
     * One line for each key of Pactor, and for each key of a library that was given:
     * {@code key = value # source}. It can be read again as HOCON, but secrets are masked.
     */
    public List<String> print() {
        var shown = new TreeSet<>(keys.all());
        for (Config layer : layers) {
            layer.entrySet().forEach(entry -> shown.add(entry.getKey()));
        }
        List<String> lines = new ArrayList<>();
        for (String key : shown) {
            lines.add(key + " = " + value(key) + "  # " + source(key));
        }
        return lines;
    }

    /** Each key of Pactor in {@code config} with what may be shown of its value, in order. */
    public static Map<String, String> shown(Config config) {
        Map<String, String> shown = new TreeMap<>();
        config.entrySet().forEach(entry -> {
            if (entry.getKey().startsWith(Settings.ROOT + ".")) {
                shown.put(entry.getKey(), shown(entry.getKey(), entry.getValue()));
            }
        });
        return shown;
    }

    /** What may be shown of a key's value. */
    String value(String key) {
        return shown(key, config.getValue(key));
    }

    private static String shown(String key, ConfigValue value) {
        Object plain = value.unwrapped();
        if (plain instanceof String text) {
            boolean ours = key.startsWith(Settings.ROOT + ".");
            String masked = ours
                ? SettingsReader.masked(key.substring(Settings.ROOT.length() + 1), text)
                : SECRET_NAME.matcher(key).matches() ? Secret.MASK : Secret.maskedUrl(text);
            if (PLAIN.matcher(masked).matches()) {
                return masked;
            }
            return ConfigValueFactory.fromAnyRef(masked).render(
                ConfigRenderOptions.concise());
        }
        return value.render(ConfigRenderOptions.concise());
    }
}

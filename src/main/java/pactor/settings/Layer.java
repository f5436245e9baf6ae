package pactor.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigOrigin;
import com.typesafe.config.ConfigValueFactory;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import pactor.Pactor;

/**
 * What one source of configuration says: the flags, the environment, the file. Values under
 * Pactor's own names go before those under DTM's. Filled by one thread, then read.
 */
final class Layer {

    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,10}");

    /**
     * A value and where it stands.
     *
     * @param value a text, or a list of texts
     * @param place in words for the operator, such as {@code config.yaml:3 HttpPort}
     */
    record Given(Object value, String place) {}

    private final SettingKeys keys;
    private final Findings findings;
    private final Map<String, Given> own = new HashMap<>();
    private final Map<String, Given> dtm = new HashMap<>();
    private Config rest = ConfigFactory.empty();

    Layer(SettingKeys keys, Findings findings) {
        this.keys = keys;
        this.findings = findings;
    }

    /** A key of Pactor or of a library, as it may stand in a file or after {@code --set}. */
    void put(String key, Object value, String place) {
        if (keys.isKnown(key)) {
            own.put(key, new Given(value, place));
        } else if (keys.isForeign(key)) {
            rest = rest.withValue(key, ConfigValueFactory.fromAnyRef(value, place));
        } else if (keys.isSection(key)) {
            findings.problem(place + ": " + key + " is a section, not a key with a value");
        } else {
            findings.problem(place + ": there is no key " + key
                + Suggestion.phrase(key, keys.all()));
        }
    }

    /** A key of DTM. */
    void put(DtmKeys.Key key, String value, String place) {
        switch (key.use()) {
            case SAME -> dtm.put(key.target(), new Given(value, place));
            case SWITCH -> dtm.put(key.target(), new Given("on", place));
            case SECONDS -> {
                if (SECONDS.matcher(value.trim()).matches()) {
                    dtm.put(key.target(), new Given(value.trim() + " s", place));
                } else {
                    findings.problem(place + " is \"" + value
                        + "\"; it must be a whole number of seconds");
                }
            }
            case DRIVER -> driver(key, value, place);
            case IGNORED -> {
                if (!value.isEmpty() && !key.harmless().contains(value)) {
                    findings.warning(place + " is ignored: " + key.because());
                }
            }
        }
    }

    private void driver(DtmKeys.Key key, String value, String place) {
        switch (value) {
            case "" -> { }
            case "h2", "mysql", "postgres" -> dtm.put(key.target(), new Given(value, place));
            case "boltdb" -> findings.problem(place + " is \"boltdb\", DTM's embedded store. "
                + "Pactor's is h2: say h2, or leave the key out. Data are not taken over");
            default -> findings.problem(place + " is \"" + value
                + "\"; it must be h2, mysql or postgres");
        }
    }

    /** A configuration that brings its own origins. Its keys are checked here. */
    void put(Config config) {
        rest = config;
        for (var entry : config.entrySet()) {
            String key = entry.getKey();
            String place = place(entry.getValue().origin());
            if (!keys.isKnown(key) && !keys.isForeign(key)) {
                put(key, entry.getValue().unwrapped(), place);
            }
        }
    }

    /** Where a value stands, in words: the file with its line, if it is from a file. */
    static String place(ConfigOrigin origin) {
        return origin.filename() == null ? origin.description()
            : origin.filename() + ":" + origin.lineNumber();
    }

    /** Where a value under a name of DTM stands, if this source has one for that key. */
    Optional<Given> underNameOfDtm(String key) {
        return own.containsKey(key) ? Optional.empty() : Optional.ofNullable(dtm.get(key));
    }

    /** All of it; each value's origin is its place. Tells where Pactor's name and DTM's differ. */
    Config config() {
        Config config = rest;
        Map<String, Given> all = new HashMap<>(dtm);
        own.forEach((key, given) -> {
            Given other = all.put(key, given);
            if (other != null && !other.value().equals(given.value())) {
                findings.warning(given.place() + " goes before " + other.place());
            }
        });
        for (var entry : all.entrySet()) {
            Given given = entry.getValue();
            config = config.withValue(entry.getKey(),
                ConfigValueFactory.fromAnyRef(given.value(), given.place()));
        }
        return config;
    }
}

package pactor.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigValueFactory;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * Turns {@link Inputs} into one configuration: flag before environment before file before default.
 *
 * <p>DTM itself lets the file go before the environment. Where that would make a difference, the
 * operator is warned.
 */
final class Sources {

    /** A configuration is a page or two; a longer file is some other file. */
    static final int FILE_BYTES_MAX = 1 << 20;

    /** A password, a url. */
    private static final int SECRET_BYTES_MAX = 64 << 10;

    /** In this phase of the shutdown the requests under way are waited for. */
    private static final String DRAIN_PHASE =
        "pekko.coordinated-shutdown.phases.service-requests-done.timeout";

    /** What Kubernetes tells each container of a service whose name begins with "pactor". */
    private static final Pattern SERVICE_LINK = Pattern.compile(
        "PACTOR_(.*_)?(SERVICE_HOST|SERVICE_PORT(_.*)?|PORT(_[0-9]+_(TCP|UDP|SCTP)(_.*)?)?)");

    /** Of {@code pactor tx} and its like, which may run where a server does. */
    private static final Set<String> OF_THE_CLI = Set.of("PACTOR_CONFIG", "PACTOR_CONTEXT");

    private final Inputs inputs;
    private final String resource;
    private final SettingKeys keys = SettingKeys.onClassPath();
    private final Findings findings = new Findings();

    private Sources(Inputs inputs, String resource) {
        this.inputs = inputs;
        this.resource = resource;
    }

    /**
     * Reads and checks everything. Blocks for the reading of files.
     *
     * @param resource on the class path, with what a server tells libraries
     * @throws BadConfiguration with every problem that was found
     */
    static Effective read(Inputs inputs, String resource) {
        return new Sources(inputs, resource).read();
    }

    private Effective read() {
        Config base = ConfigFactory.parseResources(resource)
            .withFallback(ConfigFactory.defaultReferenceUnresolved());
        Config flags = flags().config();
        Config properties = properties().config();
        Layer environment = environment();
        Layer file = inputs.file().map(path -> file(path, base)).orElseGet(this::layer);
        warnWhereDtmDiffers(environment, file);
        List<Config> layers = List.of(flags, properties, environment.config(), file.config());
        refuseProblems();
        Config whole = base;
        for (int i = layers.size() - 1; i >= 0; i--) {
            whole = layers.get(i).withFallback(whole);
        }
        try {
            whole = whole.resolve();
        } catch (ConfigException wrong) {
            throw new BadConfiguration(wrong.getMessage());
        }
        Settings settings = Settings.of(whole);
        if (layers.stream().noneMatch(layer -> layer.hasPathOrNull(DRAIN_PHASE))) {
            // A little more than the drain itself, so that its end is seen.
            whole = whole.withValue(DRAIN_PHASE, ConfigValueFactory.fromAnyRef(
                settings.drain().plusSeconds(1), "pactor.shutdown.drain"));
        }
        whole = settings.cluster().over(whole, layers,
            settings.tls().cluster().hasIdentity(), settings.security().allowInsecure());
        return new Effective(whole, settings, layers, keys, findings.warnings());
    }

    private void refuseProblems() {
        if (!findings.problems().isEmpty()) {
            throw new BadConfiguration(findings.problems());
        }
    }

    private Layer layer() {
        return new Layer(keys, findings);
    }

    private Layer flags() {
        Layer layer = layer();
        for (Inputs.Flag flag : inputs.flags()) {
            layer.put(flag.key(), flag.value(),
                flag.name().isEmpty() ? "the application" : "flag " + flag.name());
        }
        return layer;
    }

    private Layer properties() {
        Layer layer = layer();
        for (var entry : new TreeMap<>(inputs.properties()).entrySet()) {
            String key = entry.getKey();
            boolean ours = key.startsWith(Settings.ROOT + ".");
            if (keys.isKnown(key) || key.startsWith("pekko.")) {
                layer.put(key, entry.getValue(), "system property " + key);
            } else if (ours) {
                // Others may have use for such a property, so it is no reason to refuse.
                findings.warning("system property " + key + " sets nothing"
                    + Suggestion.phrase(key, keys.all()));
            }
        }
        return layer;
    }

    private Layer environment() {
        Layer layer = layer();
        Map<String, String> sorted = new TreeMap<>(inputs.environment());
        sorted.values().removeIf(String::isEmpty);
        for (var entry : sorted.entrySet()) {
            String name = entry.getKey();
            Optional<String> key = keys.ofVariable(name);
            if (key.isPresent()) {
                layer.put(key.get(), entry.getValue(), "env " + name);
            } else if (DtmKeys.ofVariable(name).isPresent()) {
                layer.put(DtmKeys.ofVariable(name).get(), entry.getValue(), "env " + name);
            } else if (name.endsWith(SettingKeys.FILE_SUFFIX)) {
                secretFile(name, entry.getValue(), layer);
            } else if (SettingKeys.isVariable(name) && !OF_THE_CLI.contains(name)
                    && !SERVICE_LINK.matcher(name).matches()) {
                findings.warning("env " + name + " sets nothing" + Suggestion.phrase(name,
                    keys.all().stream().map(SettingKeys::variable).toList()));
            }
        }
        return layer;
    }

    private void secretFile(String name, String file, Layer layer) {
        String bare = name.substring(0, name.length() - SettingKeys.FILE_SUFFIX.length());
        Optional<String> own = keys.ofFileVariable(name);
        Optional<DtmKeys.Key> dtm =
            DtmKeys.ofVariable(bare).filter(key -> SettingKeys.isSecret(key.target()));
        if (own.isEmpty() && dtm.isEmpty()) {
            if (SettingKeys.isVariable(name)) {
                findings.warning("env " + name + " sets nothing: " + bare + " is not a secret");
            }
            return;
        }
        if (!inputs.environment().getOrDefault(bare, "").isEmpty()) {
            findings.problem("env " + bare + " and env " + name + " are both set; one must go");
            return;
        }
        try {
            String secret = text(Path.of(file), SECRET_BYTES_MAX).stripTrailing();
            own.ifPresent(key -> layer.put(key, secret, "env " + name));
            dtm.ifPresent(key -> layer.put(key, secret, "env " + name));
        } catch (IOException | IllegalArgumentException wrong) {
            findings.problem("env " + name + " names " + file + ", which cannot be read: "
                + because(wrong));
        }
    }

    private Layer file(Path path, Config base) {
        String name = path.toString().toLowerCase(Locale.ROOT);
        try {
            String text = text(path, FILE_BYTES_MAX);
            if (name.endsWith(".yaml") || name.endsWith(".yml")) {
                return yaml(path.toString(), text);
            }
            if (name.endsWith(".conf") || name.endsWith(".json")) {
                return hocon(path, base);
            }
        } catch (IOException | IllegalArgumentException wrong) {
            throw new BadConfiguration(path + " cannot be read: " + because(wrong));
        } catch (ConfigException wrong) {
            throw new BadConfiguration(wrong.getMessage());
        }
        throw new BadConfiguration(path + ": the name of a configuration file must end in .yaml, "
            + ".yml, .conf or .json, so that it is clear what is in it");
    }

    private Layer hocon(Path path, Config base) {
        Config alone = ConfigFactory.parseFile(path.toFile(),
            ConfigParseOptions.defaults().setAllowMissing(false));
        Layer layer = layer();
        layer.put(alone.resolveWith(alone.withFallback(base).resolve()));
        return layer;
    }

    private Layer yaml(String name, String text) {
        Layer layer = layer();
        for (YamlFile.Entry entry : YamlFile.read(name, text)) {
            String place = name + ":" + entry.line();
            String key = entry.key();
            Optional<DtmKeys.Key> dtm = DtmKeys.named(key);
            boolean ours = key.equals(Settings.ROOT) || key.startsWith(Settings.ROOT + ".");
            if (ours || keys.isForeign(key)) {
                layer.put(key, entry.value(), place + (ours ? "" : " " + key));
            } else if (dtm.isEmpty()) {
                unknown(key, place);
            } else if (entry.value() instanceof String value) {
                layer.put(dtm.get(), value, place + " " + key);
            } else {
                findings.problem(place + ": " + key + " takes one value, not a list");
            }
        }
        return layer;
    }

    private void unknown(String key, String place) {
        if (keys.isKnown(Settings.ROOT + "." + key)) {
            findings.problem(place + ": there is no key " + key + "; did you mean "
                + Settings.ROOT + "." + key + "?");
        } else if (DtmKeys.isSection(key)) {
            findings.problem(place + ": " + key + " is a section, not a key with a value");
        } else {
            List<String> all = new ArrayList<>(DtmKeys.names());
            all.addAll(keys.all());
            findings.problem(place + ": there is no key " + key + Suggestion.phrase(key, all));
        }
    }

    private void warnWhereDtmDiffers(Layer environment, Layer file) {
        for (String key : keys.all()) {
            var outside = environment.underNameOfDtm(key);
            var inside = file.underNameOfDtm(key);
            if (outside.isPresent() && inside.isPresent()
                    && !outside.get().value().equals(inside.get().value())) {
                findings.warning(outside.get().place() + " goes before " + inside.get().place()
                    + "; in DTM the file would go first");
            }
        }
    }

    private static String text(Path path, int bytesMax) throws IOException {
        try (var in = Files.newInputStream(path)) {
            byte[] bytes = in.readNBytes(bytesMax + 1);
            if (bytes.length > bytesMax) {
                throw new IOException("it is longer than " + bytesMax + " bytes");
            }
            return new String(bytes, StandardCharsets.UTF_8);
        }
    }

    /** Java says no more than the file's name in the two commonest cases. */
    private static String because(Exception wrong) {
        if (wrong instanceof NoSuchFileException) {
            return "there is no such file";
        }
        if (wrong instanceof AccessDeniedException) {
            return "permission denied";
        }
        return wrong.getMessage();
    }
}

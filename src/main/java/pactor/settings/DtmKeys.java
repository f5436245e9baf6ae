package pactor.settings;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import pactor.Pactor;

/** The keys of DTM's configuration, and what each means here (protocol section 7). */
public final class DtmKeys {

    /** What is done with a key. */
    enum Use {
        /** The value is that of a key of Pactor. */
        SAME,
        /** The value, a whole number of seconds, is that of a key of Pactor. */
        SECONDS,
        /** Anything but nothing switches a key of Pactor on. */
        SWITCH,
        /** The value is that of a key of Pactor, if it knows this database. */
        DRIVER,
        /** It has no meaning here; a value that asks for something is worth a warning. */
        IGNORED
    }

    /**
     * @param name as in DTM's file, {@code Store.Driver}
     * @param use what is done with it
     * @param target the key of Pactor; empty if there is none
     * @param because why it is ignored; empty if it is not
     * @param harmless values that ask for nothing, so that no warning is due
     */
    record Key(String name, Use use, String target, String because, Set<String> harmless) {

        /** The name in the environment: {@code STORE_DRIVER}. */
        String variable() {
            return HUMP.matcher(name.replace('.', '_')).replaceAll("$1_$2")
                .toUpperCase(Locale.ROOT);
        }
    }

    private static final Pattern HUMP = Pattern.compile("([a-z0-9])([A-Z])");

    private static final String NO_GRPC = "gRPC comes with a later version";
    private static final String NO_REGISTRY = "Pactor does not register itself anywhere";
    private static final String ONE_WRITER = "the store has one writer and a small pool of readers "
        + "on each node; see pactor.store.pool-size";
    private static final String OWN_TABLES = "Pactor has tables of its own";
    private static final String GROUPS = "each branch is written before the next step, "
        + "and writes share their commits";
    private static final String STDERR = "the log goes to standard error, one line an event";

    /** In the order of the protocol's table; the two tables are from DTM's older versions. */
    static final List<Key> ALL = List.of(
        new Key("Store.Driver", Use.DRIVER, Settings.ROOT + ".store.driver", "", Set.of()),
        same("Store.Host", "store.host"),
        same("Store.Port", "store.port"),
        same("Store.User", "store.user"),
        same("Store.Password", "store.password"),
        same("Store.Db", "store.database"),
        same("Store.Schema", "store.schema"),
        ignored("Store.MaxOpenConns", ONE_WRITER, "500"),
        ignored("Store.MaxIdleConns", ONE_WRITER, "500"),
        ignored("Store.ConnMaxLifeTime", ONE_WRITER, "5"),
        ignored("Store.TransGlobalTable", OWN_TABLES, "dtm.trans_global"),
        ignored("Store.TransBranchOpTable", OWN_TABLES, "dtm.trans_branch_op"),
        seconds("Store.DataExpire", "retention.refuse"),
        seconds("Store.FinishedDataExpire", "retention.keep"),
        ignored("Store.RedisPrefix", "there is no Redis here", "{a}"),
        seconds("TransCronInterval", "waker.interval"),
        seconds("TimeoutToFail", "transaction.timeout-to-fail"),
        seconds("RetryInterval", "transaction.retry-interval"),
        seconds("RequestTimeout", "transaction.request-timeout"),
        same("HttpPort", "http.port"),
        same("GrpcPort", "grpc.port"),
        ignored("JsonRpcPort", "JSON-RPC is served on the HTTP port, as by DTM", "36791"),
        ignored("MicroService.Driver", NO_REGISTRY, "default"),
        ignored("MicroService.Target", NO_REGISTRY),
        ignored("MicroService.EndPoint", NO_REGISTRY),
        ignored("HttpMicroService.Driver", NO_REGISTRY, "default"),
        ignored("HttpMicroService.RegistryType", NO_REGISTRY),
        ignored("HttpMicroService.RegistryAddress", NO_REGISTRY),
        ignored("HttpMicroService.RegistryOptions", NO_REGISTRY, "{}"),
        ignored("HttpMicroService.Target", NO_REGISTRY),
        ignored("HttpMicroService.EndPoint", NO_REGISTRY),
        ignored("UpdateBranchSync", GROUPS, "1"),
        ignored("UpdateBranchAsyncGoroutineNum", GROUPS, "1"),
        same("LogLevel", "log.level"),
        ignored("Log.Outputs", STDERR, "stderr"),
        ignored("Log.RotationEnable", STDERR, "0"),
        ignored("Log.RotationConfigJSON", STDERR, "{}"),
        ignored("TimeZoneOffset", "times in answers are in UTC, and say so", "0", "+0"),
        ignored("ConfigUpdateInterval", "topics are never read from a stale copy", "3", "10"),
        same("AlertRetryLimit", "alert.attempts"),
        same("AlertWebHook", "alert.web-hook"),
        ignored("AdminBasePath", "the admin page comes with a later version"),
        ignored("GrpcServiceConfig", NO_GRPC),
        ignored("GrpcBalancer", "DTM's sample file names it, its code does not"));

    /** Not a key of DTM's file: this one is read from the environment alone. */
    static final Key IS_DOCKER =
        new Key("IsDocker", Use.SWITCH, "pactor.calls.docker", "", Set.of());

    private static final Map<String, Key> BY_NAME =
        ALL.stream().collect(Collectors.toUnmodifiableMap(Key::name, Function.identity()));

    private static final Map<String, Key> BY_VARIABLE = ALL.stream()
        .collect(Collectors.toUnmodifiableMap(Key::variable, Function.identity()));

    private DtmKeys() {}

    static Optional<Key> named(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    public static Optional<Key> ofVariable(String name) {
        return name.equals(IS_DOCKER.variable())
            ? Optional.of(IS_DOCKER) : Optional.ofNullable(BY_VARIABLE.get(name));
    }

    /** The names in DTM's file. */
    static Set<String> names() {
        return BY_NAME.keySet();
    }

    static boolean isSection(String name) {
        return BY_NAME.keySet().stream().anyMatch(each -> each.startsWith(name + "."));
    }

    private static Key same(String name, String target) {
        return new Key(name, Use.SAME, Settings.ROOT + "." + target, "", Set.of());
    }

    private static Key seconds(String name, String target) {
        return new Key(name, Use.SECONDS, Settings.ROOT + "." + target, "", Set.of());
    }

    private static Key ignored(String name, String because, String... harmless) {
        return new Key(name, Use.IGNORED, "", because, Set.of(harmless));
    }
}

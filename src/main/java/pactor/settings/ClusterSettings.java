package pactor.settings;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigValueFactory;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * How this node finds the others, and how it is found: the tree {@code pactor.cluster}.
 *
 * @param join addresses of nodes to join, each as host:port; empty if none are given
 * @param discovery how nodes are found where no addresses are given; empty for not at all
 * @param service the name that is looked up
 * @param contactPoints nodes that must be found before a new cluster is formed
 * @param host under which the other nodes reach this one; empty for the machine's address
 * @param port under which the other nodes reach this one
 * @param bindHost to listen on, where it is not {@code host}; may be empty
 * @param managementHost to listen on for probes; empty for {@code host}
 * @param managementPort to listen on for probes; 0 for not at all
 * @param stableAfter how long the view of who is in reach must stand before a side decides
 * @param lease after which a node that has not said so lives no more
 * @param fence without a word from the database for so long, a node sends nothing
 * @param joinWithin how long to look for the others at the start
 */
public record ClusterSettings(
        List<String> join,
        String discovery,
        String service,
        int contactPoints,
        String host,
        int port,
        String bindHost,
        String managementHost,
        int managementPort,
        Duration stableAfter,
        Duration lease,
        Duration fence,
        Duration joinWithin) {

    private static final String DATABASE = "database";

    private static final List<String> DISCOVERIES =
        List.of("", DATABASE, "dns", "kubernetes-api", "config");

    /** How SRV records are named, RFC 2782: {@code _management._tcp.pactor}. */
    private static final Pattern SERVICE = Pattern.compile("_([^.]+)\\._([^.]+)\\.(.+)");

    private static final Pattern ADDRESS =
        Pattern.compile("([^\\s:\\[\\]]+|\\[[0-9a-fA-F:.]+\\]):([0-9]{1,5})");

    private static final int PORT_MAX = 65_535;

    private static final Duration SECOND = Duration.ofSeconds(1);

    /** Whoever sets these for Pekko itself means other nodes to reach this one. */
    private static final List<String> OTHERS = List.of("pekko.remote", "pekko.cluster.seed-nodes");

    private static final String MARGIN = "pekko.cluster.down-removal-margin";

    /** Where Pekko is told whether its management may change anything. */
    private static final String READ_ONLY = "pekko.management.http.route-providers-read-only";

    /** The name of the actor system, which is part of each node's address. */
    public static final String SYSTEM = "pactor";

    static ClusterSettings read(SettingsReader from) {
        return new ClusterSettings(
            from.list("cluster.join", "10.0.0.1:7355, 10.0.0.2:7355", ClusterSettings::isAddress),
            from.word("cluster.discovery", DISCOVERIES),
            from.nonEmpty("cluster.service-name"),
            from.integer("cluster.contact-points", 1, 1_000),
            from.text("cluster.host"),
            from.integer("cluster.port", 0, PORT_MAX),
            from.text("cluster.bind-host"),
            from.text("cluster.management.host"),
            from.integer("cluster.management.port", 0, PORT_MAX),
            from.duration("cluster.stable-after", SECOND, Duration.ofMinutes(5)),
            from.duration("cluster.lease", SECOND.multipliedBy(5), Duration.ofMinutes(10)),
            from.duration("cluster.fence", SECOND, Duration.ofMinutes(5)),
            from.duration("cluster.join-within", SECOND, Duration.ofHours(1)));
    }

    /** Whether nodes find each other by their rows in the database that they share. */
    public boolean isByDatabase() {
        return discovery.equals(DATABASE);
    }

    /** Whether this node is meant to be one of several. */
    public boolean isOn() {
        return !join.isEmpty() || !discovery.isEmpty();
    }

    /** Problems between these and other settings. */
    void check(Settings s, SettingsReader at) {
        boolean embedded = s.store().url().isEmpty()
            || s.store().url().reveal().startsWith("jdbc:h2:");
        String key = join.isEmpty() ? "cluster.discovery" : "cluster.join";
        at.refuseIf(isOn() && s.testMode(), "test-mode",
            "cannot be on in a cluster (pactor." + key + ")");
        at.refuseIf(isOn() && embedded, key, "needs a database that all nodes share, such as"
            + " PostgreSQL; H2 is for one node. Set pactor.store.jdbc-url");
        at.refuseIf(fence.compareTo(lease) > 0, "cluster.fence", "is longer than"
            + " pactor.cluster.lease, after which a node of another cluster may start");
        at.refuseIf(!join.isEmpty() && !discovery.isEmpty(), "cluster.join",
            "cannot be given together with pactor.cluster.discovery");
        at.refuseIf(isByBootstrap() && managementPort == 0, "cluster.management.port",
            "must be given with pactor.cluster.discovery, which asks the others there");
        at.refuseIf(!join.isEmpty() && port == 0, "cluster.port",
            "must be given with pactor.cluster.join, so that the others can join this node");
    }

    /**
     * What Pekko is told; nothing a user has set for Pekko itself is among it.
     *
     * @param isEncrypted whether the nodes speak TLS
     * @param allowInsecure whether strangers on the network may pose as nodes
     * @throws BadConfiguration if that would let others take up work before the fence holds, or let
     *     strangers change the cluster or speak to its nodes
     */
    Config over(
            Config whole, List<Config> layers, boolean isEncrypted, boolean allowInsecure) {
        Map<String, Object> keys = new LinkedHashMap<>();
        if (isEncrypted) {
            keys.put(NodePort.TRANSPORT, NodePort.TLS);
            keys.put(NodePort.ENGINE, NodePort.TLS_ENGINE);
        }
        keys.put("pekko.cluster.split-brain-resolver.stable-after",
            stableAfter.toMillis() + " ms");
        keys.put(MARGIN, fence.toMillis() + " ms");
        boolean alone = !isOn() && layers.stream().noneMatch(
            layer -> OTHERS.stream().anyMatch(layer::hasPathOrNull));
        keys.put(NodePort.ENABLED, !alone);
        if (isOn()) {
            keys.put("pekko.remote.artery.canonical.hostname",
                host.isEmpty() ? "<getHostAddress>" : host);
            keys.put("pekko.remote.artery.canonical.port", port);
            if (!bindHost.isEmpty()) {
                keys.put("pekko.remote.artery.bind.hostname", bindHost);
            }
            keys.put("pekko.cluster.seed-nodes",
                join.stream().map(each -> "pekko://" + SYSTEM + "@" + each).toList());
            keys.put("pekko.cluster.shutdown-after-unsuccessful-join-seed-nodes",
                joinWithin.toMillis() + " ms");
        }
        if (managementPort > 0) {
            String there = managementHost.isEmpty() ? host : managementHost;
            keys.put("pekko.management.http.hostname",
                there.isEmpty() ? "<hostname>" : there);
            keys.put("pekko.management.http.port", managementPort);
        }
        if (isByBootstrap()) {
            bootstrap(keys);
        }
        Config config = whole;
        for (var each : keys.entrySet()) {
            if (layers.stream().noneMatch(layer -> layer.hasPathOrNull(each.getKey()))) {
                config = config.withValue(each.getKey(),
                    ConfigValueFactory.fromAnyRef(each.getValue(), "pactor.cluster"));
            }
        }
        new NodePort(config).check(isOn(), isEncrypted, allowInsecure);
        if (isOn() && config.getDuration(MARGIN).compareTo(fence) < 0) {
            throw new BadConfiguration(MARGIN + " is shorter than pactor.cluster.fence: a node that"
                + " is cut off might still call participants when others take up its work");
        }
        if (managementPort > 0 && !config.getBoolean(READ_ONLY)) {
            throw new BadConfiguration(READ_ONLY + " is off, and the management port asks nobody"
                + " who they are: whoever reaches it could remove nodes");
        }
        return config;
    }

    private void bootstrap(Map<String, Object> keys) {
        String bootstrap = "pekko.management.cluster.bootstrap.contact-point-discovery.";
        keys.put("pekko.discovery.method",
            discovery.equals("dns") ? "pekko-dns" : discovery);
        var parts = SERVICE.matcher(service);
        boolean hasPort = discovery.equals("dns") && parts.matches();
        if (hasPort) {
            keys.put(bootstrap + "port-name", parts.group(1));
            keys.put(bootstrap + "protocol", parts.group(2));
        }
        keys.put(bootstrap + "service-name", hasPort ? parts.group(3) : service);
        keys.put(bootstrap + "required-contact-point-nr", contactPoints);
    }

    /** Whether nodes find each other by Pekko's means. */
    public boolean isByBootstrap() {
        return !discovery.isEmpty() && !isByDatabase();
    }

    private static boolean isAddress(String text) {
        var parts = ADDRESS.matcher(text);
        return parts.matches() && Integer.parseInt(parts.group(2)) <= PORT_MAX
            && Integer.parseInt(parts.group(2)) > 0;
    }
}

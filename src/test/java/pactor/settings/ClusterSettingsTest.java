package pactor.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import pactor.cluster.DatabaseLease;
import pactor.cluster.NoTransport;
import pactor.cluster.NodeTls;
import pactor.cluster.SwiftResolver;

class ClusterSettingsTest {

    private static final String SHARED = "store.jdbc-url=jdbc:postgresql://db/pactor";

    @Test
    void aNodeAloneOpensNoPortForOthers() {
        Config config = read().config();
        assertFalse(config.getBoolean("pekko.remote.artery.enabled"));
        assertEquals(List.of("pekko.remote.classic.none"),
            config.getStringList("pekko.remote.classic.enabled-transports"));
        assertEquals(NoTransport.class.getName(),
            config.getString("pekko.remote.classic.none.transport-class"));
        assertEquals(List.of(), config.getStringList("pekko.cluster.seed-nodes"));
        assertEquals(SwiftResolver.class.getName(),
            config.getString("pekko.cluster.downing-provider-class"));
    }

    /** Not the larger side by itself: of two nodes neither would survive the first of them. */
    @Test
    void theDatabaseDecidesWhoGoesOn() {
        Config resolver = read(SHARED, "cluster.join=a:1").config()
            .getConfig("pekko.cluster.split-brain-resolver");
        assertEquals("lease-majority", resolver.getString("active-strategy"));
        String path = resolver.getString("lease-majority.lease-implementation");
        Config lease = read().config().getConfig(path);
        assertEquals(DatabaseLease.class.getName(), lease.getString("lease-class"));
        assertTrue(resolver.getDuration("down-all-when-unstable")
            .compareTo(lease.getDuration("lease-operation-timeout")) > 0);
    }

    /** Heads that never end, on as many connections as there may be. */
    @Test
    void whatTheManagementPortHoldsIsBounded() {
        Config http = read().config().getConfig("pekko.http.server");
        long headers = http.getLong("parsing.max-header-count");
        long head = http.getBytes("parsing.max-uri-length")
            + headers * http.getBytes("parsing.max-header-value-length");
        assertTrue(http.getLong("max-connections") * head <= 5 << 20);
        assertTrue(http.getLong("max-connections") * http.getBytes("parsing.max-chunk-size")
            <= 1 << 20);
    }

    @Test
    void seedsAndAddressesArePekkosOwn() {
        Effective effective = read(SHARED, "cluster.join= 10.0.0.1:7355, [::1]:1 ,",
            "cluster.host=10.0.0.2", "cluster.bind-host=0.0.0.0", "cluster.stable-after=9 s");
        Config config = effective.config();
        assertTrue(effective.settings().cluster().isOn());
        assertTrue(config.getBoolean("pekko.remote.artery.enabled"));
        assertEquals(List.of("pekko://pactor@10.0.0.1:7355", "pekko://pactor@[::1]:1"),
            config.getStringList("pekko.cluster.seed-nodes"));
        assertEquals("10.0.0.2", config.getString("pekko.remote.artery.canonical.hostname"));
        assertEquals(7355, config.getInt("pekko.remote.artery.canonical.port"));
        assertEquals("0.0.0.0", config.getString("pekko.remote.artery.bind.hostname"));
        assertEquals(9_000, config.getDuration("pekko.cluster.split-brain-resolver.stable-after")
            .toMillis());
    }

    @Test
    void discoveryIsHandedToPekkosBootstrap() {
        Config config = read(SHARED, "cluster.discovery=DNS", "cluster.management.port=7626",
            "cluster.service-name=_m._udp.pactor.local", "cluster.contact-points=3").config();
        String discovery = "pekko.management.cluster.bootstrap.contact-point-discovery.";
        assertEquals("pekko-dns", config.getString("pekko.discovery.method"));
        assertEquals("pactor.local", config.getString(discovery + "service-name"));
        assertEquals("m", config.getString(discovery + "port-name"));
        assertEquals("udp", config.getString(discovery + "protocol"));
        assertEquals(3, config.getInt(discovery + "required-contact-point-nr"));
        assertEquals(7626, config.getInt("pekko.management.http.port"));
    }

    @Test
    void nodesThatFindEachOtherInTheDatabaseNeedNoPortThatOthersKnow() {
        Effective effective = read(SHARED, "cluster.discovery=database", "cluster.port=0");
        assertTrue(effective.settings().cluster().isByDatabase());
        assertFalse(effective.settings().cluster().isByBootstrap());
        assertEquals(0, effective.config().getInt("pekko.remote.artery.canonical.port"));
        assertEquals(List.of(), effective.config().getStringList("pekko.cluster.seed-nodes"));
    }

    @Test
    void whatIsSaidForPekkoItselfGoesFirst() {
        Effective effective = Effective.of(new Inputs(flags(SHARED, "cluster.join=a:1"),
            Map.of("pekko.remote.artery.canonical.port", "99"), Map.of(), Optional.empty()));
        assertEquals(99, effective.config().getInt("pekko.remote.artery.canonical.port"));
    }

    @ParameterizedTest
    @CsvSource({"pekko.remote.artery.canonical.port,99",
        "pekko.cluster.seed-nodes.0,pekko://pactor@a:1"})
    void whoTellsPekkoOfOtherNodesIsReachedByThem(String key, String value) {
        Effective effective = Effective.of(new Inputs(flags("security.allow-insecure=on"),
            Map.of(key, value), Map.of(), Optional.empty()));
        assertTrue(effective.config().getBoolean("pekko.remote.artery.enabled"));
    }

    @Test
    void othersWaitForTheFenceOfANodeThatIsGone() {
        String margin = "pekko.cluster.down-removal-margin";
        Config config = read(SHARED, "cluster.join=a:1", "cluster.fence=3 s").config();
        assertEquals(3_000, config.getDuration(margin).toMillis());
        BadConfiguration refused = assertThrows(BadConfiguration.class,
            () -> Effective.of(new Inputs(flags(SHARED, "cluster.join=a:1"),
                Map.of(margin, "1 s"), Map.of(), Optional.empty())));
        assertTrue(refused.problems().get(0).contains("shorter than pactor.cluster.fence"),
            refused.problems().toString());
    }

    @Test
    void nodesThatHaveCertificatesSpeakTls() {
        String[] tls = {SHARED, "cluster.join=a:1", "cluster.tls.certificate=n.crt",
            "cluster.tls.key=n.key", "cluster.tls.ca=ca.crt"};
        Config config = read(tls).config();
        assertEquals("tls-tcp", config.getString("pekko.remote.artery.transport"));
        assertEquals(NodeTls.class.getName(),
            config.getString("pekko.remote.artery.ssl.ssl-engine-provider"));
        assertEquals("tcp", read(SHARED, "cluster.join=a:1").config()
            .getString("pekko.remote.artery.transport"));
    }

    @ParameterizedTest
    @CsvSource({"pekko.remote.artery.transport,tcp",
        "pekko.remote.artery.ssl.ssl-engine-provider,"
            + "org.apache.pekko.remote.artery.tcp.ConfigSSLEngineProvider",
        "pekko.remote.artery.enabled,off"})
    void noKeyOfPekkoOpensWhatCertificatesClose(String key, String value) {
        String[] tls = {SHARED, "cluster.join=a:1", "cluster.tls.certificate=n.crt",
            "cluster.tls.key=n.key", "cluster.tls.ca=ca.crt"};
        assertTrue(refused(flags(tls), key, value).startsWith(key));
    }

    @ParameterizedTest
    @CsvSource({"pekko.remote.artery.canonical.hostname,10.0.0.1",
        "pekko.remote.artery.bind.hostname,0.0.0.0"})
    void aPortThatKeysOfPekkoOpenIsClosedToOtherMachines(String key, String value) {
        assertTrue(refused(List.of(), key, value).startsWith("pactor.security.allow-insecure"));
    }

    private static String refused(List<Inputs.Flag> flags, String key, String value) {
        return assertThrows(BadConfiguration.class, () -> Effective.of(
            new Inputs(flags, Map.of(key, value), Map.of(), Optional.empty()))).problems().get(0);
    }

    /** The management port asks nobody who they are. */
    @Test
    void managementChangesNothing() {
        String key = "pekko.management.http.route-providers-read-only";
        String[] flags = {SHARED, "cluster.join=a:1", "cluster.management.port=7626"};
        assertTrue(read(flags).config().getBoolean(key));
        BadConfiguration refused = assertThrows(BadConfiguration.class,
            () -> Effective.of(new Inputs(flags(flags), Map.of(key, "off"), Map.of(),
                Optional.empty())));
        assertTrue(refused.problems().get(0).startsWith(key), refused.problems().toString());
    }

    @ParameterizedTest(name = "{0} {1} {2}")
    @CsvSource(delimiter = '|', textBlock = """
        cluster.join=a:1          | -                     | H2 is for one node
        cluster.join=a:1          | store.jdbc-url=jdbc:h2:mem:x | H2 is for one node
        cluster.discovery=dns     | -                     | H2 is for one node
        cluster.discovery=database | -                    | H2 is for one node
        cluster.join=a            | -                     | empty or a list such as
        cluster.join=a:0          | -                     | empty or a list such as
        cluster.join=a:65536      | -                     | empty or a list such as
        cluster.join=a:1          | test-mode=on          | cannot be on in a cluster
        cluster.fence=6 s         | cluster.lease=5 s     | is longer than pactor.cluster.lease
        cluster.discovery=zeroconf | -                    | one of
        """)
    void whatCannotWorkIsRefused(String one, String other, String because) {
        BadConfiguration refused = assertThrows(BadConfiguration.class,
            () -> read(other.equals("-") ? new String[] {one} : new String[] {one, other}));
        assertTrue(refused.problems().get(0).contains(because), refused.problems().toString());
        assertFalse(refused.problems().get(0).contains("\n"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        cluster.join=a:1      | cluster.port=0      | must be given with pactor.cluster.join
        cluster.discovery=dns | cluster.port=1      | must be given with pactor.cluster.discovery
        """)
    void whatIsMissingIsNamed(String one, String other, String because) {
        BadConfiguration refused =
            assertThrows(BadConfiguration.class, () -> read(SHARED, one, other));
        assertTrue(refused.problems().get(0).contains(because), refused.problems().toString());
    }

    private static Effective read(String... settings) {
        return Effective.of(
            new Inputs(flags(settings), Map.of(), Map.of(), Optional.empty()));
    }

    /** In a network that keeps strangers out. */
    private static List<Inputs.Flag> flags(String... settings) {
        List<Inputs.Flag> flags = new ArrayList<>();
        flags.add(new Inputs.Flag("--set", "pactor.security.allow-insecure", "on"));
        for (String each : settings) {
            String[] parts = each.split("=", 2);
            flags.add(new Inputs.Flag("--set", "pactor." + parts[0], parts[1]));
        }
        return flags;
    }
}

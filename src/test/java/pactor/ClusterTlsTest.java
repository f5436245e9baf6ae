package pactor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.Config;
import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.StreamSupport;
import org.apache.pekko.cluster.Member;
import org.apache.pekko.cluster.typed.Cluster;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import pactor.settings.LiveSettings;
import pactor.settings.Settings;
import pactor.settings.StartFailure;
import tls.PemFiles;
import tls.TlsFiles;

/** Row J-14: a stranger can neither join nor speak to the port of the nodes. */
@Timeout(120)
class ClusterTlsTest {

    /** What all nodes of this cluster are called in their certificates, and nobody else. */
    private static final String NODES = "nodes.pactor.test";

    private static final Instant TOMORROW = Instant.now().plus(1, ChronoUnit.DAYS);

    @TempDir
    private Path place;

    private LocalCluster cluster;
    private PemFiles pem;
    private Server first;

    @BeforeEach
    void start() throws IOException {
        cluster = new LocalCluster();
        pem = new PemFiles(Files.createDirectory(place.resolve("ours")));
        first = cluster.add(with(pem.issue("first", NODES, TOMORROW)));
    }

    @AfterEach
    void stop() {
        cluster.close();
    }

    @Test
    void nodesWithCertificatesFindEachOtherAndStrangersDoNot() throws IOException {
        Server second = cluster.add(with(pem.issue("second", NODES, TOMORROW)));
        Awaitility.await().until(() -> members(first) == 2 && members(second) == 2);
        for (int i = 0; i < 10; i++) {
            assertEquals(200, cluster.post(i % 2 == 0 ? first : second, "/api/dtmsvr/prepare",
                "{\"gid\":\"closed-" + i + "\",\"trans_type\":\"tcc\"}").statusCode());
            assertTrue(cluster.get(i % 2 == 0 ? second : first,
                "/api/dtmsvr/query?gid=closed-" + i).body().contains("prepared"));
        }

        PemFiles others = new PemFiles(Files.createDirectory(place.resolve("others")));
        assertStaysOut("pekko.remote.artery.transport = tcp");
        assertStaysOut(with(others.issue("other", NODES, TOMORROW)));
        assertStaysOut(with(pem.issue("web", "web.pactor.test", TOMORROW)));
        assertStaysOut(with(pem.issue("late", NODES, Instant.now().minus(1, ChronoUnit.DAYS))));

        assertEquals(2, members(first));
    }

    /** What Pekko says in the clear gets no further than a handshake that is none. */
    @Test
    void thePortRefusesPlainText() throws IOException {
        int port = LocalCluster.address(first).getPort().orElseThrow();
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(30_000);
            socket.getOutputStream().write("AKKA\1\2\3\4\5\6".getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().flush();
            byte[] said = socket.getInputStream().readAllBytes();
            assertTrue(said.length == 0 || said[0] == 0x15, "nothing, or an alert of TLS");
        }
    }

    @Test
    void newCertificatesNeedNoRestart() throws IOException {
        String reload = "pactor.reload.interval = 50 ms";
        TlsFiles files = pem.issue("second", NODES, TOMORROW);
        List<String> settings = new ArrayList<>(List.of(with(files)));
        settings.add(reload);
        Server second = cluster.add(settings.toArray(String[]::new));
        Awaitility.await().until(() -> members(second) == 2);
        pem.issue("second", NODES, TOMORROW);
        pem.issue("first", NODES, TOMORROW);
        Server third = cluster.add(with(pem.issue("third", NODES, TOMORROW)));
        Awaitility.await().until(() -> members(third) == 3);
    }

    private void assertStaysOut(String... settings) {
        List<String> all = new ArrayList<>(List.of(settings));
        all.add("pactor.cluster.join-within = 3 s");
        Config config = LocalCluster.config(LocalCluster.address(first).toString(),
            cluster.database(), all.toArray(String[]::new));
        StartFailure failure = assertThrows(StartFailure.class,
            () -> Server.launch(config, LiveSettings.fixed(Settings.of(config))).stop());
        assertTrue(failure.getMessage().contains("3 s"), failure.getMessage());
    }

    private static long members(Server node) {
        return StreamSupport.stream(
            Cluster.get(node.system()).state().getMembers().spliterator(), false)
            .map(Member::status).filter(status -> status.toString().equals("Up")).count();
    }

    /** As {@code ClusterSettings} says it to Pekko. */
    private static String[] with(TlsFiles files) {
        return new String[] {
            "pekko.remote.artery.transport = tls-tcp",
            "pekko.remote.artery.ssl.ssl-engine-provider = pactor.cluster.NodeTls",
            "pactor.cluster.tls.certificate = \"" + files.certificate().orElseThrow() + '"',
            "pactor.cluster.tls.key = \"" + files.key().orElseThrow() + '"',
            "pactor.cluster.tls.ca = \"" + files.authorities().orElseThrow() + '"'};
    }
}

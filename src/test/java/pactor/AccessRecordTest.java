package pactor;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import audit.Audit;
import audit.MemoryLog;
import com.typesafe.config.ConfigFactory;
import health.Guard;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import meter.Meter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pactor.settings.Settings;
import pactor.settings.StartFailure;
import security.AddressRule;
import security.Peer;
import store.Database;
import store.StoreSettings;

/** J-03: who may call, and how that changes, is on record. */
class AccessRecordTest {

    @TempDir
    private Path dir;

    private final MemoryLog log = new MemoryLog();
    private final Guard guard = Guard.passive();
    private final Database database =
        Database.open(StoreSettings.at("jdbc:h2:mem:access-record"), Meter.create());

    @AfterEach
    void close() {
        database.close();
        guard.close();
    }

    private AccessControl open(String... keys) {
        Settings settings = Settings.of(ConfigFactory.parseString(String.join("\n", keys))
            .withFallback(ConfigFactory.defaultReference()).resolve());
        return AccessControl.open(settings, database, guard, log,
            new Audit(log, Audit.Reads.OFF, Runnable::run), Optional.empty());
    }

    private List<String> rows() {
        return log.acts().stream().map(act -> String.join("|", act.kind().text(), act.action(),
            act.before(), act.after(), act.result())).toList();
    }

    @Test
    void aChangedFileOfIdentitiesOrRulesIsOnRecord() throws IOException {
        Path identities = Files.writeString(dir.resolve("identities"), "");
        Path rules = Files.writeString(dir.resolve("rules"), "any any any reject\n");
        try (AccessControl control = open("pactor.reload.interval = 20 ms",
                "pactor.security.identities-file = \"" + identities + "\"",
                "pactor.security.rules-file = \"" + rules + "\"")) {
            assertEquals(List.of(), rows());
            Files.writeString(identities, "alice operator sha256:" + "ab".repeat(32) + "\n");
            await().atMost(Duration.ofSeconds(30)).until(() -> rows().size() == 1);
            Files.writeString(rules, "# nobody\n");
            await().atMost(Duration.ofSeconds(30)).until(() -> rows().size() == 2);
            control.access().find(
                AddressRule.Listener.GRPC, Peer.plain(InetAddress.getLoopbackAddress()), "x");
        }
        assertEquals(List.of("event|reload|0 identities|1 identities|done",
            "event|reload|1 rules|0 rules|done", "refusal|authenticate|||wrong credentials"),
            rows());
    }

    @Test
    void theFirstTokenIsOnRecordOrIsNotMade() {
        String[] keys = {"pactor.profile = production", "pactor.reload.interval = 0 s",
            "pactor.security.admin-token-file = \"" + dir.resolve("token") + "\""};
        log.failAfter(0);
        assertThrows(StartFailure.class, () -> open(keys));
        assertEquals(false, database.adminTokenHash().toCompletableFuture().join().isPresent());
        log.failAfter(Integer.MAX_VALUE);
        open(keys).close();
        open(keys).close();
        assertEquals(List.of("event|make the administrator's token|none||done"), rows());
    }
}

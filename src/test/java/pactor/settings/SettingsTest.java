package pactor.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import branch.CallSettings;
import branch.RetrySettings;
import com.typesafe.config.Config;
import com.typesafe.config.ConfigFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tls.ClientAuth;
import transaction.Policy;

class SettingsTest {

    private static final Config DEFAULTS = ConfigFactory.parseResources("reference.conf").resolve();

    @Test
    void theDefaultsAreThoseOfTheRules() {
        Settings settings = Settings.of(DEFAULTS);

        assertEquals(Policy.DEFAULT.withRetryJitter(50), settings.policy());
        assertEquals(8080, settings.http().port());
        assertEquals(4 << 20, settings.http().maxBodyBytes());
        assertEquals(CallSettings.defaults(), settings.calls());
        assertTrue(settings.alert().webHook().isEmpty());
    }

    /** Who skips time wants to know how long a wait is, and is no danger to participants. */
    @Test
    void inTheTestModeNothingIsLeftToChanceAndNothingIsPutOff() {
        Settings settings = Settings.of(ConfigFactory.parseString("pactor.test-mode = on")
            .withFallback(DEFAULTS));

        assertEquals(Policy.DEFAULT, settings.policy());
        assertEquals(RetrySettings.UNLIMITED, settings.calls().retries());
    }

    @Test
    void eachKeyWithADefaultIsRead() {
        var keys = DEFAULTS.getConfig("pactor").entrySet().stream()
            .map(entry -> entry.getKey())
            .collect(Collectors.toCollection(TreeSet::new));

        assertEquals(keys, new TreeSet<>(Settings.keysRead(DEFAULTS)));
    }

    @ParameterizedTest(name = "{0} = {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
        http.port                         | -1        | a whole number from 0 to 65535
        http.port                         | 65536     | a whole number from 0 to 65535
        http.port                         | eighty    | a whole number from 0 to 65535
        http.port                         | 80.5      | a whole number from 0 to 65535
        http.port                         | null      | a whole number from 0 to 65535
        http.port                         | [1]       | a whole number from 0 to 65535
        coordinator.idle                  | 0 s       | a time from 100 ms to 1 d
        coordinator.idle                  | 99 ms     | a time from 100 ms to 1 d
        store.queue-max                   | 99        | a whole number from 100 to 1000000
        http.host                         | " "       | a text that is not empty
        grpc.port                         | 65536     | a whole number from 0 to 65535
        grpc.max-message                  | 65 MiB    | a size from 1024 to 67108864 bytes
        http.max-body                     | 1 B       | a size from 1024 to 67108864 bytes
        http.max-body                     | 4 lumps   | a size from 1024 to 67108864 bytes
        transaction.retry-interval        | 10        | with its unit, such as 10 s
        transaction.retry-interval        | 0 s       | a time from 1 s to 30 d
        transaction.retry-interval        | 31 d      | a time from 1 s to 30 d
        transaction.retry-interval        | 5 moons   | with its unit, such as 10 s
        store.power-loss-safe             | perhaps   | on or off
        store.jdbc-url                    | "jdbc:derby://h/d" | begins with jdbc:h2:
        alert.web-hook                    | "ftp://h" | begins with http:// or https://
        alert.web-hook                    | "http://" | and names a host
        alert.web-hook                    | "http://h:99999/" | and names a host
        alert.web-hook                    | "http://[::1/" | and names a host
        profile                           | staging   | one of development, production
        calls.egress.allow                | "10.0.0.0/33" | empty or a list such as
        calls.egress.allow                | "10.1.0.0/8" | empty or a list such as
        calls.egress.deny                 | "a.test, ftp://b.test" | empty or a list such as
        calls.egress.deny-headers         | "a b"     | empty or a list such as
        alert.web-hook                    | "http://169.254.169.254/" | may not be called
        calls.grpc.coordinator-address    | "é:36790" | printable ASCII
        log.level                         | loud      | one of trace, debug, info
        store.data-dir                    | "x;INIT=CREATE TABLE evil(a INT)" | a path without ";"
        store.host                        | "h/d?x=1" | names or addresses of hosts
        store.host                        | "u:p@h"   | names or addresses of hosts
        store.database                    | "d?allowLoadLocalInfile=true" | a name without any of
        store.database                    | "d;x"     | a name without any of
        store.database                    | "a/b"     | a name without any of
        """)
    void aWrongValueIsRefusedWithWhatIsAllowed(String key, String value, String allowed) {
        BadConfiguration refused = assertThrows(BadConfiguration.class,
            () -> Settings.of(with("pactor." + key + " = " + value)));

        assertEquals(1, refused.problems().size(), refused.getMessage());
        assertTrue(refused.getMessage().contains("pactor." + key), refused.getMessage());
        assertTrue(refused.getMessage().contains(allowed), refused.getMessage());
    }

    @Test
    void allProblemsAreToldAtOnceAndWhereTheyStand() {
        BadConfiguration refused = assertThrows(BadConfiguration.class, () -> Settings.of(
            with("pactor.http.port = x\npactor.log.level = loud")));

        assertEquals(2, refused.problems().size());
        assertTrue(refused.getMessage().contains("\"x\" (String: 1)"), refused.getMessage());
        assertTrue(refused.getMessage().contains("\"loud\" (String: 2)"), refused.getMessage());
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
        coordinator.wait-within = 66 s        | http.idle-timeout
        coordinator.answer-within = 59 s, pactor.http.idle-timeout = 68 s | http.idle-timeout
        http.max-buffered = 3 MiB             | http.max-buffered
        grpc.max-buffered = 3 MiB             | grpc.max-buffered
        grpc.max-connection-age-grace = 39 s  | grpc.max-connection-age-grace
        calls.max-connections = 63            | calls.max-connections-per-host
        events.heart-beat = 38 s              | events.heart-beat
        http.tls.certificate = a              | http.tls.key
        http.tls.key = a                      | http.tls.certificate
        http.tls.client-auth = required       | http.tls.client-auth
        http.tls { certificate = a, key = b, client-ca = c }              | http.tls.client-auth
        http.tls { certificate = a, key = b, client-auth = optional }     | http.tls.client-auth
        grpc.tls.client-auth = required       | grpc.tls.client-auth
        calls.tls.key = a                     | calls.tls.certificate
        cluster.tls { certificate = a, key = b }                          | cluster.tls.ca
        cluster.tls.ca = a                    | cluster.tls.certificate
        calls.egress.deny = b.test, pactor.alert.web-hook = "http://b.test/" | alert.web-hook
        profile = production, pactor.alert.web-hook = "http://10.0.0.5/"     | alert.web-hook
        test-mode = on, pactor.store.jdbc-url = "jdbc:h2:tcp://h/d"                | test-mode
        test-mode = on, pactor.store.jdbc-url = "jdbc:h2:./data;AUTO_SERVER=TRUE"  | test-mode
        test-mode = on, pekko.cluster.seed-nodes = ["pekko://a@h:1", "pekko://a@h:2"] | test-mode
        """)
    void valuesThatContradictEachOtherAreRefused(String line, String key) {
        BadConfiguration refused = assertThrows(BadConfiguration.class,
            () -> Settings.of(with("pactor." + line)));

        assertTrue(refused.getMessage().startsWith("pactor." + key), refused.getMessage());
    }

    @Test
    void grpcSpeaksTlsAsHttpDoesWhereNothingElseIsSaid() {
        String http = "pactor.http.tls { certificate = a, key = b, client-ca = c,"
            + " client-auth = required }\n";
        TlsSettings same = Settings.of(with(http)).tls();
        assertEquals(same.http(), same.grpc());
        TlsSettings other = Settings.of(with(http + "pactor.grpc.tls { certificate = x, key = y,"
            + " client-auth = none }")).tls();
        assertEquals(Optional.of(Path.of("x")), other.grpc().files().certificate());
        assertEquals(Optional.of(Path.of("c")), other.grpc().files().authorities());
        assertEquals(ClientAuth.NONE, other.grpc().clientAuth());
        assertFalse(Settings.defaults().tls().grpc().isOn());
    }

    @Test
    void theTestModeStoresInMemoryUnlessItIsToldWhere() {
        assertEquals("jdbc:h2:mem:pactor-test",
            Settings.of(with("pactor.test-mode = on")).store().url().reveal());
        assertEquals("", Settings.of(with("pactor.test-mode = on, pactor.store.data-dir = here"))
            .store().url().reveal());
        assertEquals("", Settings.defaults().store().url().reveal());
    }

    /** What goes into the url of a database is a value in it, and never an option of its driver. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        postgres | h           | orders     | ''      | jdbc:postgresql://h/orders
        postgres | h | a b+1 | 'a&b' | jdbc:postgresql://h/a+b%2B1?currentSchema=a%26b
        postgres | h1,h2       | orders     | ''      | jdbc:postgresql://h1,h2/orders
        mysql    | ::1         | my-orders_ | ''      | jdbc:mariadb://[::1]/my-orders_
        mysql    | db.example  | 订单        | x       | jdbc:mariadb://db.example/订单
        """)
    void theUrlOfADatabaseIsPutTogether(
            String driver, String host, String database, String schema, String url) {
        Settings settings = Settings.of(with("pactor.store { driver = " + driver + ", host = \""
            + host + "\", database = \"" + database + "\", schema = \"" + schema + "\" }"));

        assertEquals(url, settings.store().url().reveal());
    }

    @Test
    void aLongRetryIntervalRaisesTheCap() {
        Settings settings = Settings.of(with("pactor.transaction.retry-interval = 2 m"));

        assertEquals(Duration.ofMinutes(2), settings.policy().retryIntervalMax());
    }

    @Test
    void aHostsMistakeIsToldUnlessItIsASystemProperty() {
        BadConfiguration refused = assertThrows(BadConfiguration.class,
            () -> Settings.of(with("pactor.http.prot = 1")));
        assertEquals("String: 1: there is no key pactor.http.prot; did you mean pactor.http.port?",
            refused.getMessage());

        System.setProperty("pactor.somebody.elses", "1");
        try {
            ConfigFactory.invalidateCaches();
            Settings.of(ConfigFactory.systemProperties().withFallback(DEFAULTS).resolve());
        } finally {
            System.clearProperty("pactor.somebody.elses");
            ConfigFactory.invalidateCaches();
        }
    }

    @Test
    void noSecretIsShown() {
        Settings settings = Settings.of(with("""
            pactor.store.jdbc-url = "jdbc:h2:tcp://u:canary@h/d;USER=a;PASSWORD=canary;X=1"
            pactor.store.password = canary
            pactor.alert.web-hook = "https://h/send?access_token=canary"
            """));

        assertFalse(settings.toString().contains("canary"), settings.toString());
        assertEquals("jdbc:h2:tcp://u:***@h/d;USER=a;PASSWORD=***;X=1",
            settings.store().url().toString());
        assertEquals("canary", settings.store().password().reveal());
    }

    @Test
    void noSecretIsShownWhenItIsWrong() {
        BadConfiguration refused = assertThrows(BadConfiguration.class, () -> Settings.of(with("""
            pactor.store.jdbc-url = "jdbc:derby://u:canary@h/d?password=canary&a=b"
            pactor.alert.web-hook = "ftp://canary"
            """)));

        assertFalse(refused.getMessage().contains("canary"), refused.getMessage());
        assertTrue(refused.getMessage().contains("jdbc:derby://u:***@h/d?password=***&a=b"));
    }

    private static Config with(String hocon) {
        return ConfigFactory.parseString(hocon).withFallback(DEFAULTS).resolve();
    }
}

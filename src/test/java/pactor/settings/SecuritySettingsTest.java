package pactor.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** When callers must be known, and what does not start. */
class SecuritySettingsTest {

    @TempDir
    private Path dir;

    private static Settings settings(String... keys) {
        return Settings.of(ConfigFactory.parseString(String.join("\n", keys))
            .withFallback(ConfigFactory.defaultReference()).resolve());
    }

    private static String problem(String... keys) {
        return assertThrows(BadConfiguration.class, () -> settings(keys)).problems().get(0);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        127.0.0.1 | development | auto     | false
        127.0.0.2 | development | auto     | false
        ::1       | development | auto     | false
        localhost | development | auto     | false
        127.0.0.1 | development | required | true
        127.0.0.1 | production  | auto     | true
        0.0.0.0   | development | auto     | true
        0.0.0.0   | development | off      | false
        ::        | development | auto     | true
        """)
    void callersMustBeKnown(String host, String profile, String authentication, boolean must) {
        Settings settings = settings("pactor.http.host = \"" + host + "\"",
            "pactor.profile = " + profile, "pactor.security.authentication = " + authentication,
            "pactor.security.allow-insecure = on");
        assertEquals(must, settings.security().isRequired(settings));
    }

    @Test
    void aFileOfIdentitiesOrRulesMeansThatTheyCount() throws IOException {
        Path file = Files.writeString(dir.resolve("file"), "# nobody yet\n");
        for (String key : new String[] {"identities-file", "rules-file"}) {
            Settings settings = settings("pactor.security." + key + " = \"" + file + "\"");
            assertTrue(settings.security().isRequired(settings), key);
        }
    }

    @Test
    void aFileThatIsWrongIsNamedWithItsLine() throws IOException {
        Path file = Files.writeString(dir.resolve("file"), "# nobody yet\nx\n");
        String key = "pactor.security.identities-file = \"" + file + "\"";
        assertTrue(problem(key).contains("line 2: a line is NAME ROLE CREDENTIAL"), problem(key));
        String none = "pactor.security.rules-file = \"" + dir.resolve("none") + "\"";
        assertTrue(problem(none).contains("NoSuchFileException"), problem(none));
    }

    @Test
    void otherMachinesAreNotServedInTheClearUnlessOneSaysSo() {
        for (String host : new String[] {"pactor.http.host", "pactor.grpc.host"}) {
            String reachable = host + " = \"0.0.0.0\"";
            assertTrue(problem(reachable).contains("in the clear: set pactor.http.tls"),
                problem(reachable));
            String off = "pactor.security.authentication = off";
            assertTrue(problem(reachable, off).contains("cannot be off while other machines"));
            settings(reachable, "pactor.security.allow-insecure = on");
        }
        settings("pactor.grpc.host = \"0.0.0.0\"", "pactor.grpc.enabled = off");
    }

    @Test
    void strangersCannotPoseAsNodesUnlessOneSaysSo() {
        String database = "pactor.store.jdbc-url = \"jdbc:postgresql://db/pactor\"";
        String join = "pactor.cluster.join = \"a:1\"";
        for (String host : new String[] {"", "10.0.0.2"}) {
            String here = "pactor.cluster.host = \"" + host + "\"";
            String told = problem(database, join, here);
            assertTrue(told.contains("must be on to let strangers pose as nodes"), told);
            settings(database, join, here, "pactor.security.allow-insecure = on");
            settings(database, join, here, "pactor.cluster.tls { certificate = a, key = b,"
                + " ca = c }");
        }
        String loopback = "pactor.cluster.host = \"127.0.0.1\"";
        settings(database, join, loopback);
        assertTrue(problem(database, join, loopback, "pactor.cluster.bind-host = \"0.0.0.0\"")
            .contains("pose as nodes"));
    }

    @Test
    void productionHasNoDoorWithoutALock() {
        assertTrue(problem("pactor.profile = production", "pactor.security.authentication = off",
            "pactor.security.allow-insecure = on").contains("cannot be off with"));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        allowed-hosts   | a b
        allowed-hosts   | http://x
        allowed-hosts   | *x.y
        allowed-origins | ops.example.com
        allowed-origins | https://ops.example.com/
        allowed-origins | *
        """)
    void listsOfNamesAreChecked(String key, String value) {
        assertTrue(problem("pactor.security." + key + " = \"" + value + "\"")
            .contains("pactor.security." + key), Map.of(key, value).toString());
    }
}

package pactor.settings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import audit.Audit;
import com.typesafe.config.ConfigFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
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
    void whatTheAuditLogIsSealedWithAndWhereItIsNoted() throws IOException {
        Settings embedded = settings("pactor.store.data-dir = \"" + dir + "\"");
        AuditSettings audit = embedded.security().audit();
        assertEquals(dir.toAbsolutePath().resolve("pactor.audit-heads"),
            audit.heads(embedded.store()).orElseThrow());
        assertFalse(audit.logsHeads(embedded.store()));
        assertFalse(audit.seals().isKeyed());
        Settings shared = settings("pactor.store.jdbc-url = \"jdbc:postgresql://a/b\"",
            "pactor.security.audit.payload-reads = admin");
        assertEquals(Audit.Reads.ADMIN, shared.security().audit().payloadReads());
        assertTrue(shared.security().audit().heads(shared.store()).isEmpty());
        assertTrue(shared.security().audit().logsHeads(shared.store()));
        Settings memory = settings("pactor.store.jdbc-url = \"jdbc:h2:mem:x\"");
        assertFalse(memory.security().audit().logsHeads(memory.store()));
        Path key = Files.writeString(dir.resolve("key"), "0a".repeat(31));
        String wrong = problem("pactor.security.audit.key-file = \"" + key + "\"");
        assertTrue(wrong.contains("a key is at least 64 digits in hex"), wrong);
        assertFalse(wrong.contains("0a0a"), wrong);
        Files.writeString(key, "0a".repeat(32));
        assertTrue(settings("pactor.security.audit.key-file = \"" + key + "\"")
            .security().audit().seals().isKeyed());
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
    void aFileWithoutSigningKeysIsNamed() throws IOException {
        String key = "pactor.calls.signing.key-file = \"";
        Path file = Files.writeString(dir.resolve("keys.pem"), "-----BEGIN PUBLIC KEY-----\n"
            + "MCowBQYDK2VwAyEAJrQLj5P/89iXES9+vFgrIy29clF9CC/oPPsw3c5D0bs=\n"
            + "-----END PUBLIC KEY-----\n");
        assertTrue(problem(key + file + "\"").contains("it has a \"PUBLIC KEY\""));
        String none = problem(key + dir.resolve("none") + "\"");
        assertTrue(none.contains("pactor.calls.signing.key-file"), none);
        assertTrue(none.contains("NoSuchFileException"), none);
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

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        issuer = "ftp://issuer"                       | issuer is "ftp://issuer"
        issuer = "issuer"                             | it must be a url with https
        issuer = "http://issuer.example"              | it must be a url with https
        issuer = "https://me:secret@issuer.example"   | it must be a url with https
        issuer = "https://issuer.example?realm=a"     | it must be a url with https
        issuer = "https://"                           | it must be a url with https
        audience = ""                                 | audience is ""
        audience = ","                                | audience is ","
        jwks-url = "http://issuer.example/keys"       | jwks-url is "http://issuer.example/keys"
        jwks-url = "file:///etc/keys"                 | it must be a url with https
        algorithms = "none"                           | algorithms is "none"
        algorithms = "HS256"                          | algorithms is "HS256"
        algorithms = "RS256, HS256"                   | algorithms is "RS256, HS256"
        algorithms = ""                               | it must name one at least
        role-claim = ""                               | role-claim is ""
        clock-skew = 301 s                            | clock-skew is "301 s"
        clock-skew = 60                               | clock-skew is "60"
        ca = "none.pem"                               | none.pem does not exist
        """)
    void anIssuerThatCannotBeTrustedIsRefused(String setting, String why) throws IOException {
        String tree = "pactor.security.oidc.";
        String[] good = {"pactor.security.identities-file = \""
            + Files.writeString(dir.resolve("who"), "* viewer claim:team\n") + "\"",
            tree + "issuer = \"https://issuer.example/realm\"", tree + "audience = pactor"};
        settings(good);
        String bad = problem(tree + setting, good[0],
            setting.startsWith("issuer") ? good[2] : good[1],
            setting.startsWith("audience") ? good[1] : good[2]);
        assertTrue(bad.contains(why), bad);
        assertTrue(problem(good[1], good[2]).contains("identities-file"), "nobody may do a thing");
    }

    @Test
    void anIssuerMeansThatCallersMustBeKnown() throws IOException {
        String who = "pactor.security.identities-file = \""
            + Files.writeString(dir.resolve("who"), "* viewer claim:team\n") + "\"";
        String[] insecure = {who, "pactor.security.oidc.issuer = \"http://issuer.example\"",
            "pactor.security.oidc.audience = \"a, b\"", "pactor.security.allow-insecure = on"};
        Settings settings = settings(insecure);
        assertTrue(settings.security().isRequired(settings));
        assertEquals(Set.of("a", "b"), settings.security().oidc().rules(() -> null).audiences());
        settings(who, "pactor.security.oidc.issuer = \"http://127.0.0.1:1/realm\"",
            "pactor.security.oidc.audience = a");
    }
}

package oidc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.KeyUse;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.SSLContext;
import oidc.TestIssuer.SigningKey;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tls.Credentials;
import tls.PemFiles;

/** What an issuer may answer. */
class KeyFetchTest {

    private static final String DISCOVERY = "/realm/.well-known/openid-configuration";
    private static final SigningKey KEY = TestIssuer.key("one", "ES256");

    private TestIssuer issuer;

    @BeforeEach
    void start() throws IOException {
        issuer = TestIssuer.start(KEY);
    }

    @AfterEach
    void stop() {
        issuer.close();
    }

    private static OidcRules rules(String issuer, Optional<URI> keys, SSLContext tls) {
        return new OidcRules(URI.create(issuer), Set.of("pactor"), keys, "groups",
            Set.of("ES256"), Duration.ZERO, Duration.ofMinutes(5), Duration.ofSeconds(10),
            Duration.ZERO, () -> tls);
    }

    private static OidcRules rules(String issuer, Optional<URI> keys) {
        try {
            return rules(issuer, keys, SSLContext.getDefault());
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private List<String> ids() throws IOException {
        return new KeyFetch(rules(issuer.url(), Optional.empty())).fetch().stream()
            .map(key -> key.jwk().getKeyID()).toList();
    }

    private String problem() {
        return assertThrows(IOException.class, this::ids).getMessage();
    }

    @Test
    void theDiscoverySaysWhereTheKeysAre() throws IOException {
        assertEquals(List.of("one"), ids());
    }

    @Test
    void orTheConfigurationDoes() throws IOException {
        issuer.answer(DISCOVERY, "nothing");
        issuer.answer("/elsewhere", "{\"keys\": [" + KEY.jwk().toJSONString() + "]}");
        URI elsewhere = URI.create(issuer.url().replace("/realm", "/elsewhere"));
        assertEquals(1,
            new KeyFetch(rules(issuer.url(), Optional.of(elsewhere))).fetch().size());
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        nothing                                                | does not answer as OpenID
        []                                                     | another issuer
        {}                                                     | another issuer
        {"issuer": "https://evil.example"}                     | another issuer: "https://evil
        {"issuer": "$ISSUER/"}                                 | another issuer
        {"issuer": "$ISSUER"}                                  | names no url of keys
        {"issuer": "$ISSUER", "jwks_uri": "file:///etc/keys"}  | names no url of keys
        {"issuer": "$ISSUER", "jwks_uri": ":"}                 | does not answer as OpenID
        {"issuer": "$ISSUER", "jwks_uri": "keys"}              | does not answer as OpenID
        """)
    void aDiscoveryThatSaysSomethingElseIsRefused(String body, String why) {
        issuer.answer(DISCOVERY, body.replace("$ISSUER", issuer.url()));
        assertTrue(problem().contains(why), problem());
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
        nothing                            | does not answer with a set of keys
        {}                                 | does not answer with a set of keys
        {"keys": {}}                       | does not answer with a set of keys
        {"keys": []}                       | has no key that can be used
        {"keys": [{"kty": "oct", "k": "c2VjcmV0"}]} | has no key that can be used
        {"keys": [{"kty": "new"}]}         | has no key that can be used
        """)
    void keysThatAreNoneAreRefused(String body, String why) {
        issuer.answer("/realm/keys", body);
        assertTrue(problem().contains(why), problem());
    }

    @Test
    void keysThatAreOfNoUseAreLeftOut() throws Exception {
        SigningKey encrypts = new SigningKey(new ECKey.Builder(
            TestIssuer.key("encrypts", "ES256").jwk().toECKey()).keyUse(KeyUse.ENCRYPTION)
            .build(), KEY.secret(), JWSAlgorithm.ES256);
        issuer.publish(KEY, encrypts, TestIssuer.rsa("short", "RS256", 1_024),
            TestIssuer.rsa("long", "RS256", 2_048));
        assertEquals(List.of("one", "long"), ids());
    }

    @Test
    void onlyTwoHundredIsAnAnswer() {
        for (int status : new int[] {204, 301, 302, 404, 500}) {
            issuer.answerWith(status);
            assertTrue(problem().contains("answers with " + status), problem());
        }
    }

    @Test
    void anAnswerHasABound() throws IOException {
        String key = KEY.jwk().toJSONString();
        String all = "{\"keys\": [" + key + "]}";
        issuer.answer("/realm/keys", all + " ".repeat(KeyFetch.BYTES_MAX - all.length()));
        assertEquals(List.of("one"), ids());
        issuer.answer("/realm/keys", all + " ".repeat(KeyFetch.BYTES_MAX - all.length() + 1));
        assertTrue(problem().contains("longer than"), problem());
    }

    @Test
    void anIssuerThatIsNotThereIsNamed() {
        issuer.close();
        assertTrue(problem().contains(issuer.url()), problem());
    }

    /** Whoever is in between could hand out keys of his own. */
    @Test
    void anIssuerShowsACertificateThatSomebodyTrustedVouchesFor(@TempDir Path dir)
            throws Exception {
        PemFiles authority = new PemFiles(dir);
        HttpsServer server = HttpsServer.create(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(
            Credentials.read(authority.issue("localhost")).forServer()));
        server.createContext("/keys", exchange -> {
            byte[] keys = ("{\"keys\": [" + KEY.jwk().toJSONString() + "]}").getBytes(
                StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, keys.length);
            exchange.getResponseBody().write(keys);
            exchange.close();
        });
        server.start();
        URI keys = URI.create("https://localhost:" + server.getAddress().getPort() + "/keys");
        try {
            assertEquals(1, new KeyFetch(rules("https://issuer.example", Optional.of(keys),
                authority.client())).fetch().size());
            String why = assertThrows(IOException.class, new KeyFetch(
                rules("https://issuer.example", Optional.of(keys)))::fetch).getMessage();
            assertTrue(why.contains("cannot be read") && why.contains("PKIX"), why);
            URI byAddress = URI.create(keys.toString().replace("localhost", "127.0.0.2"));
            assertThrows(IOException.class, new KeyFetch(rules("https://issuer.example",
                Optional.of(byAddress), authority.client()))::fetch, "it is another's");
            SSLContext[] now = {SSLContext.getDefault()};
            KeyFetch follows = new KeyFetch(new OidcRules(URI.create("https://issuer.example"),
                Set.of("pactor"), Optional.of(keys), "groups", Set.of("ES256"), Duration.ZERO,
                Duration.ofMinutes(5), Duration.ofSeconds(10), Duration.ZERO, () -> now[0]));
            assertThrows(IOException.class, follows::fetch);
            now[0] = authority.client();
            assertEquals(1, follows.fetch().size());
            now[0] = SSLContext.getDefault();
            assertThrows(IOException.class, follows::fetch, "nobody vouches for it any more");
        } finally {
            server.stop(0);
        }
    }

    /** It takes the request, and answers a head whose body never ends. */
    @Test
    void anIssuerThatStallsIsGivenUp() throws IOException {
        HttpServer stalling = HttpServer.create(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        stalling.createContext("/", exchange -> {
            exchange.sendResponseHeaders(200, 100);
            exchange.getResponseBody().write('{');
            exchange.getResponseBody().flush();
        });
        stalling.start();
        try {
            assertGivenUp(stalling.getAddress().getPort());
        } finally {
            stalling.stop(0);
        }
        try (ServerSocket silent =
                new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertGivenUp(silent.getLocalPort());
        }
    }

    private static void assertGivenUp(int port) {
        KeyFetch fetch = new KeyFetch(
            rules("http://127.0.0.1:" + port, Optional.empty()), Duration.ofMillis(100));
        String why = assertThrows(IOException.class, fetch::fetch).getMessage();
        assertTrue(why.contains("does not answer within") || why.contains("timed out"), why);
    }
}

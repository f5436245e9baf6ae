package io.pactor.spring.participant;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.MessageDigest;
import java.security.Signature;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.web.servlet.context.ServletWebServerApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** An application that has the property set serves coordinators alone. */
class SignedBranchTest {

    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final String PLACE = "http://stock.test:8080/shop";

    private static KeyPair pair;
    private static String keyId;
    private static ServletWebServerApplicationContext context;
    private static int transactions;

    private String gid;

    @BeforeAll
    static void start(@TempDir Path dir) throws Exception {
        pair = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        byte[] encoded = pair.getPublic().getEncoded();
        String x = Base64.getUrlEncoder().withoutPadding().encodeToString(
            Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length));
        keyId = Base64.getUrlEncoder().withoutPadding().encodeToString(sha256(
            "{\"crv\":\"Ed25519\",\"kty\":\"OKP\",\"x\":\"" + x + "\"}"));
        Path keys = Files.writeString(dir.resolve("keys.json"),
            "{\"keys\":[{\"kty\":\"OKP\",\"crv\":\"Ed25519\",\"x\":\"" + x + "\"}]}");
        context = (ServletWebServerApplicationContext) new SpringApplicationBuilder(Books.class)
            .run("--server.port=0", "--spring.datasource.generate-unique-name=true",
                "--spring.main.banner-mode=off", "--pactor.participant.verify-signatures=true",
                "--pactor.participant.signing-keys=" + keys,
                "--pactor.participant.unsigned-modes=tcc",
                "--pactor.participant.base-url=" + PLACE);
    }

    @AfterAll
    static void stop() {
        context.close();
    }

    @BeforeEach
    void another() {
        gid = "s" + transactions++;
    }

    private String branch(String op, String mode) {
        return "/take?branch_id=01&gid=" + gid + "&op=" + op + "&trans_type=" + mode;
    }

    @Test
    void a_call_of_the_coordinator_is_served_with_its_body() throws Exception {
        HttpResponse<String> answer = signed("POST", branch("action", "saga"), "{\"n\":3}");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).isEqualTo("{\"left\":3}");
        assertThat(rows()).isOne();
        // A proxy has taken away the beginning of the path, and the repeat runs nothing.
        assertThat(signed("POST", branch("action", "saga"), "{\"n\":3}").body())
            .isEqualTo("{\"left\":3}");
        assertThat(rows()).isOne();
    }

    @Test
    void a_call_without_a_signature_is_401_and_does_nothing() throws Exception {
        HttpResponse<String> answer = send("POST", branch("action", "saga"), "{\"n\":3}", Map.of());

        assertThat(answer.statusCode()).isEqualTo(401);
        assertThat(answer.headers().firstValue("WWW-Authenticate")).isPresent();
        assertThat(answer.body()).contains("not signed").doesNotContain("FAILURE");
        assertThat(rows()).isZero();
    }

    @Test
    void another_body_or_operation_is_401() throws Exception {
        Map<String, String> headers = headers("POST", branch("action", "saga"), "{\"n\":3}");

        assertThat(send("POST", branch("action", "saga"), "{\"n\":4}", headers).statusCode())
            .isEqualTo(401);
        assertThat(send("POST", branch("compensate", "saga"), "{\"n\":3}", headers).statusCode())
            .isEqualTo(401);
        assertThat(rows()).isZero();
        assertThat(send("POST", branch("action", "saga"), "{\"n\":3}", headers).statusCode())
            .isEqualTo(200);
    }

    /** Applications call a try themselves; what the coordinator does with it is signed. */
    @Test
    void a_try_needs_none_where_the_property_says_so() throws Exception {
        assertThat(send("POST", branch("try", "tcc"), "{\"n\":1}", Map.of()).statusCode())
            .isEqualTo(200);
        assertThat(send("POST", branch("confirm", "tcc"), "{\"n\":1}", Map.of()).statusCode())
            .isEqualTo(401);
        assertThat(send("POST", branch("action", "xa"), "{\"n\":1}", Map.of()).statusCode())
            .isEqualTo(401);
        assertThat(send("POST", branch("try", "tcc") + "&x", "{\"n\":1}",
            headers("POST", branch("try", "tcc"), "{\"n\":1}")).statusCode()).isEqualTo(401);
    }

    /** However its path is written, since the same handler serves it. */
    @ParameterizedTest
    @ValueSource(strings = {"/pactor/check-back/dataSource", "/%70actor/check-back/dataSource",
        "/pactor;x=1/check-back/dataSource", "/pactor/check-back/dataSource;y=2"})
    void a_check_back_needs_one(String path) throws Exception {
        String asked = path + "?branch_id=00&gid=" + gid + "&op=msg&trans_type=msg";

        assertThat(send("GET", asked, "", Map.of()).statusCode()).isEqualTo(401);
        assertThat(signed("GET", asked, "").statusCode())
            .isEqualTo(path.contains(";y") ? 404 : 409);
    }

    @Test
    void a_path_in_another_form_serves_nobody_without_one() throws Exception {
        for (String path : new String[] {"/%74ake", "/take;x=1", "/pactor/check-back/../../take"}) {
            send("POST", branch("action", "saga").replace("/take", path), "{\"n\":3}", Map.of());
        }
        assertThat(rows()).isZero();
    }

    @Test
    void what_is_no_call_of_a_branch_is_served_as_ever() throws Exception {
        assertThat(send("GET", "/hello", "", Map.of()).body()).isEqualTo("hello");
    }

    private static int rows() {
        return context.getBean(JdbcTemplate.class)
            .queryForObject("select count(*) from taken where gid = ?", Integer.class,
                "s" + (transactions - 1));
    }

    private HttpResponse<String> signed(String method, String target, String body)
            throws Exception {
        return send(method, target, body, headers(method, target, body));
    }

    private static HttpResponse<String> send(String method, String target, String body,
            Map<String, String> headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + context.getWebServer().getPort() + target))
            .header("Content-Type", "application/json")
            .method(method, body.isEmpty() ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofString(body));
        headers.forEach(request::header);
        return CLIENT.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** As the coordinator signs what it sends to {@link #PLACE}. */
    private static Map<String, String> headers(String method, String target, String body)
            throws GeneralSecurityException {
        int mark = target.indexOf('?');
        long now = Instant.now().getEpochSecond();
        String digest = "sha-256=:" + Base64.getEncoder().encodeToString(sha256(body)) + ":";
        String input = "(\"@method\" \"@authority\" \"@path\" \"@query\" \"content-digest\")"
            + ";created=" + now + ";expires=" + (now + 300) + ";keyid=\"" + keyId
            + "\";nonce=\"n\";tag=\"pactor-call\"";
        Signature signing = Signature.getInstance("Ed25519");
        signing.initSign(pair.getPrivate());
        signing.update(("\"@method\": " + method
            + "\n\"@authority\": stock.test:8080\n\"@path\": /shop"
            + target.substring(0, mark) + "\n\"@query\": " + target.substring(mark)
            + "\n\"content-digest\": " + digest + "\n\"@signature-params\": " + input)
            .getBytes(StandardCharsets.UTF_8));
        return Map.of("Content-Digest", digest, "Signature-Input", "pactor=" + input, "Signature",
            "pactor=:" + Base64.getEncoder().encodeToString(signing.sign()) + ":");
    }

    private static byte[] sha256(String text) {
        try {
            return MessageDigest.getInstance("SHA-256")
                .digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @Import(Taking.class)
    static class Books {}

    @RestController
    static class Taking {

        private final JdbcTemplate jdbc;

        Taking(JdbcTemplate jdbc) {
            this.jdbc = jdbc;
            jdbc.execute("create table taken(gid varchar(128))");
        }

        @Participant
        @Transactional
        @PostMapping("/take")
        public Map<String, Integer> take(@RequestBody Map<String, Integer> order) {
            jdbc.update("insert into taken values(?)", BranchContext.current().orElseThrow().gid());
            return Map.of("left", order.get("n"));
        }

        @GetMapping("/hello")
        public String hello() {
            return "hello";
        }
    }
}

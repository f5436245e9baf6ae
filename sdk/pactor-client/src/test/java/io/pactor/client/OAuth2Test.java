package io.pactor.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pactor.client.FakeCoordinator.Reply;
import java.io.IOException;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Tokens of an authorization server: fetched, kept, replaced, and told to nobody. */
@Timeout(60)
class OAuth2Test {

    private static final String SECRET = "s3cr3t-canary";

    @TempDir
    private Path dir;

    private final FakeCoordinator coordinator = new FakeCoordinator();
    private final FakeCoordinator tokens = new FakeCoordinator();
    private final AtomicLong now = new AtomicLong();
    private Path secret;

    @BeforeEach
    void write() throws IOException {
        secret = Files.writeString(dir.resolve("secret"), SECRET + "\n");
    }

    @AfterEach
    void close() {
        coordinator.close();
        tokens.close();
    }

    @Test
    void everyRequestCarriesOneTokenThatIsFetchedOnce() {
        tokens.next(token("t-1", 3_600));
        try (Pactor pactor = pactor(credentials().scope("read", "write").audience("pactor"))) {
            List<CompletableFuture<?>> all = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                all.add(pactor.saga("s" + i).step(Call.post("http://a", "{}")).submitAsync());
            }
            all.forEach(CompletableFuture::join);
        }
        assertEquals(20, coordinator.received().size());
        coordinator.received().forEach(
            each -> assertEquals("Bearer t-1", each.header("Authorization")));
        assertEquals(1, tokens.received().size());
        FakeCoordinator.Received asked = tokens.received().get(0);
        assertEquals("grant_type=client_credentials&scope=read+write&audience=pactor",
            asked.body());
        assertEquals("Basic " + Base64.getEncoder().encodeToString(
            ("my%3Aapp:" + SECRET).getBytes()), asked.header("Authorization"));
    }

    @Test
    void whoAsksCanStandInTheBody() {
        tokens.next(token("t-1", 3_600));
        try (Pactor pactor = pactor(credentials().inBody())) {
            pactor.query("g");
        }
        assertEquals("grant_type=client_credentials&client_id=my%3Aapp&client_secret=" + SECRET,
            tokens.received().get(0).body());
        assertEquals("", tokens.received().get(0).header("Authorization"));
    }

    @Test
    void aRefusedTokenIsReplacedAndTheRequestRepeatedOnce() {
        tokens.next(token("t-1", 3_600), token("t-2", 3_600));
        coordinator.next(Reply.says(401, "who are you"));
        try (Pactor pactor = pactor(credentials())) {
            assertTrue(pactor.query("g").isEmpty());
            coordinator.next(Reply.says(401, "who are you"));
            RejectedException refused =
                assertThrows(RejectedException.class, () -> pactor.query("g"));
            assertEquals(401, refused.status());
        }
        assertEquals(List.of("Bearer t-1", "Bearer t-2", "Bearer t-2"),
            coordinator.received().stream().map(each -> each.header("Authorization")).toList());
        assertEquals(2, tokens.received().size());
    }

    @Test
    void withoutATokenNothingIsSentAndNoSecretIsTold() {
        for (int i = 0; i < 10; i++) {
            tokens.next(Reply.of(400,
                "{\"error\":\"invalid_client\",\"error_description\":\"" + SECRET + "\"}"));
        }
        try (Pactor pactor = builder(credentials()).timeout(Duration.ofSeconds(1)).build()) {
            UnavailableException none =
                assertThrows(UnavailableException.class, () -> pactor.query("g"));
            assertTrue(none.getMessage().contains("no token for my:app at " + tokens.url()
                + "/token: the server answered 400 (invalid_client)"), none.getMessage());
            assertFalse(none.toString().contains(SECRET));
        }
        assertEquals(List.of(), coordinator.received());
    }

    @Test
    void aServerOfTokensThatComesBackIsFoundAgain() {
        tokens.next(Reply.of(503, SECRET), token("t-1", 3_600));
        try (Pactor pactor = pactor(credentials())) {
            pactor.saga("s").step(Call.post("http://a", "{}")).submit();
        }
        assertEquals("Bearer t-1", coordinator.received().get(0).header("Authorization"));
    }

    @Test
    void theNextIsFetchedBeforeItEndsAndTheOldOneUsedMeanwhile() {
        FetchedToken token = new FetchedToken(credentials(), HttpClient.newHttpClient(), now::get);
        tokens.next(token("t-1", 3_600));
        assertEquals("Bearer t-1", token.header().join());
        pass(Duration.ofMinutes(59).minusNanos(1));
        assertEquals("Bearer t-1", token.header().join());
        assertEquals(1, tokens.received().size());

        tokens.next(token("t-2", 20));
        pass(Duration.ofNanos(1));
        assertEquals("Bearer t-1", token.header().join());
        pass(Duration.ofSeconds(50));
        assertEquals("Bearer t-2", token.header().join(), "just before its end it is not used");
        tokens.next(token("t-3", 3_600));
        pass(Duration.ofSeconds(18));
        assertEquals("Bearer t-3", token.header().join());
    }

    @Test
    void afterAFailureThereIsAPause() {
        FetchedToken token = new FetchedToken(credentials(), HttpClient.newHttpClient(), now::get);
        tokens.next(Reply.of(500, ""), token("t-1", 3_600));
        assertThrows(CompletionException.class, () -> token.header().join());
        pass(FetchedToken.FETCH_PAUSE.minusNanos(1));
        assertThrows(CompletionException.class, () -> token.header().join());
        assertEquals(1, tokens.received().size());
        pass(Duration.ofNanos(1));
        assertEquals("Bearer t-1", token.header().join());
    }

    @Test
    void whatCannotBeUsedIsRefusedAtOnce() throws IOException {
        assertThrows(IllegalArgumentException.class,
            () -> ClientCredentials.of("http://login.example.com/token", "a", secret));
        assertThrows(IllegalArgumentException.class,
            () -> ClientCredentials.of("https://a:b@login.example.com/token", "a", secret));
        assertThrows(IllegalArgumentException.class,
            () -> ClientCredentials.of("https://login.example.com/token", " ", secret));
        assertThrows(IllegalStateException.class,
            () -> builder(credentials()).tokenFile(secret).build());
        Files.writeString(secret, "");
        assertThrows(IllegalStateException.class, () -> pactor(credentials()));
        Files.delete(secret);
        assertThrows(IllegalStateException.class, () -> pactor(credentials()));
    }

    private void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }

    private ClientCredentials credentials() {
        return ClientCredentials.of(tokens.url() + "/token", "my:app", secret);
    }

    private Pactor pactor(ClientCredentials credentials) {
        return builder(credentials).build();
    }

    private Pactor.Builder builder(ClientCredentials credentials) {
        return Pactor.builder().urls(coordinator.url()).oauth2(credentials);
    }

    private static Reply token(String value, int seconds) {
        return Reply.of(200, "{\"access_token\":\"" + value
            + "\",\"token_type\":\"bearer\",\"expires_in\":" + seconds + "}");
    }
}

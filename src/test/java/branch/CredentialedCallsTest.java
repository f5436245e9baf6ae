package branch;

import static branch.Calls.outcome;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import credential.ParticipantCredentials;
import egress.EgressGuard;
import egress.EgressRules;
import egress.OwnPorts;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import meter.Meter;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tls.Credentials;
import tls.PemFiles;
import tls.TlsFiles;
import transaction.BranchCall;
import transaction.Outcome;
import transaction.Outcome.Kind;
import transaction.Protocol;

/** What goes along with calls over HTTP and JSON-RPC, to whom, and what is told of it. */
class CredentialedCallsTest {

    private static final String CANARY = "s3cr3t-canary";

    @TempDir
    private Path place;

    private final List<AutoCloseable> toClose = new ArrayList<>();
    private final BadParticipant participant = opened(BadParticipant.start());
    private final BadParticipant other = opened(BadParticipant.start());
    private final BadParticipant tokens = opened(BadParticipant.start());
    private Invokers invokers;

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : toClose) {
            each.close();
        }
    }

    @Test
    void aHeaderGoesToThatParticipantInPlaceOfTheInitiatorsOwn() {
        calling(line(participant, "/v2", "header name=X-Api-Key value-file=" + secret(CANARY)));

        call(Calls.with(Map.of("x-api-KEY", "forged", "x-mine", "kept"), participant.url("/v2/a")));
        call(Calls.with(Map.of("x-api-key", "mine"), participant.url("/v20")));
        call(Calls.with(Map.of(), other.url("/v2/a")));
        call(Calls.by(Protocol.JSON_RPC, participant.url("/v2/rpc?method=m"), "{}"));

        assertEquals(List.of(CANARY), values(participant, "/v2/a", "x-api-key"));
        assertEquals(List.of("kept"), values(participant, "/v2/a", "x-mine"));
        assertEquals(List.of("mine"), values(participant, "/v20", "x-api-key"), "another path");
        assertEquals(List.of(), values(other, "/v2/a", "x-api-key"), "another port");
        assertEquals(List.of(CANARY), values(participant, "/v2/rpc", "x-api-key"));
    }

    @Test
    void aBearerTakesThePlaceOfNameAndPasswordInTheUrl() {
        calling(line(participant, "", "bearer token-file=" + secret(CANARY)));

        call(Calls.action(participant.url("/a").replace("//", "//user:password@")));

        assertEquals(List.of("Bearer " + CANARY), values(participant, "/a", "authorization"));
    }

    @Test
    void itDoesNotFollowARedirect() {
        participant.on("/a", visit ->
            visit.send(BadParticipant.answer(307, "", "Location: " + other.url("/b"))));
        calling(line(participant, "", "bearer token-file=" + secret(CANARY)));

        assertEquals(Kind.UNKNOWN, call(Calls.action(participant.url("/a"))).kind());

        assertEquals(0, other.connections());
    }

    @Test
    void whatAParticipantRepeatsOfItIsNotTold() {
        participant.on("/a", visit -> visit.send(BadParticipant.answer(500, visit.request())));
        calling(line(participant, "", "bearer token-file=" + secret(CANARY)));

        Outcome outcome = call(Calls.action(participant.url("/a")));

        assertTrue(outcome.reason().contains("Authorization: Bearer ***"), outcome.reason());
        assertFalse(outcome.toString().contains(CANARY));
    }

    /** DTM's words count with any status, but not in the answer to a credential. */
    @Test
    void whoDoesNotAcceptItHasSaidNothingOfTheTransaction() {
        participant.on("/a", visit ->
            visit.send(BadParticipant.answer(401, "authentication FAILURE")));
        calling(line(participant, "", "bearer token-file=" + secret(CANARY)));

        assertEquals(Kind.UNKNOWN, call(Calls.action(participant.url("/a"))).kind());
    }

    @Test
    void aTokenIsFetchedOnceAndSent() {
        giving("t-1", 3_600);
        calling(oauth2("scope=\"read write\" audience=ledger"));

        List<CompletionStage<Outcome>> calls = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            calls.add(invokers.invoke(Calls.action(participant.url("/a"))));
        }
        calls.forEach(each -> assertEquals(Kind.SUCCESS, outcome(each).kind()));

        assertEquals(20, values(participant, "/a", "authorization").stream()
            .filter("Bearer t-1"::equals).count());
        assertEquals(1, tokens.received("/token").size());
        String asked = tokens.received("/token").get(0);
        assertTrue(asked.endsWith("\r\n\r\ngrant_type=client_credentials&scope=read+write"
            + "&audience=ledger"), asked);
        assertEquals(List.of("Basic " + Base64.getEncoder().encodeToString(
            ("pac%3Ator:" + CANARY).getBytes(StandardCharsets.US_ASCII))),
            values(tokens, "/token", "authorization"));
        assertEquals(List.of("application/x-www-form-urlencoded"),
            values(tokens, "/token", "content-type"));
    }

    @Test
    void whoAsksCanStandInTheBody() {
        giving("t-1", 3_600);
        calling(oauth2("auth=body"));

        call(Calls.action(participant.url("/a")));

        String asked = tokens.received("/token").get(0);
        assertTrue(asked.endsWith("client_id=pac%3Ator&client_secret=" + CANARY), asked);
        assertEquals(List.of(), values(tokens, "/token", "authorization"));
    }

    @Test
    void aLongTokenIsReadToItsEnd() {
        String token = "t".repeat(6_000);
        giving(token, 3_600);
        calling(oauth2(""));

        assertEquals(Kind.SUCCESS, call(Calls.action(participant.url("/a"))).kind());

        assertEquals(List.of("Bearer " + token), values(participant, "/a", "authorization"));
    }

    @Test
    void withoutATokenTheCallIsNotMadeAndNoTry() {
        calling(oauth2(""));
        String[] answers = {
            BadParticipant.answer(400, "{\"error\":\"invalid_client\",\"error_description\":\""
                + CANARY + "\"}"),
            BadParticipant.answer(500, "FAILURE " + CANARY),
            BadParticipant.answer(200, "not JSON " + CANARY),
            BadParticipant.answer(200, "{\"access_token\":\"\"}"),
            BadParticipant.answer(200, "{\"access_token\":\"a\\nb\"}"),
            BadParticipant.answer(200, "{\"access_token\":\"a\",\"token_type\":\"mac\"}"),
            BadParticipant.answer(302, "", "Location: " + other.url("/")),
            "garbage\r\n\r\n",
        };
        for (String answer : answers) {
            tokens.on("/token", visit -> visit.send(answer));
            // Another secret each time, or the pause after a failure would be in the way.
            calling(oauth2(""));

            Outcome outcome = call(Calls.action(participant.url("/a")));

            assertEquals(Kind.PUT_OFF, outcome.kind(), answer);
            assertTrue(outcome.reason().contains("no token for pac:tor at"), outcome.reason());
            assertFalse(outcome.reason().contains(CANARY), outcome.reason());
        }
        assertEquals(List.of(), participant.received("/a"));
        assertEquals(0, other.connections());
    }

    @Test
    void aTokenServerThatHangsHoldsUpNobodyElse() {
        tokens.on("/token", BadParticipant.Visit::hang);
        calling(oauth2(""));

        CompletionStage<Outcome> waits = invokers.invoke(
            Calls.action(participant.url("/a"), Calls.SOON));
        assertEquals(Kind.SUCCESS, call(Calls.action(other.url("/b"))).kind());

        Outcome outcome = outcome(waits);
        assertEquals(Kind.PUT_OFF, outcome.kind());
        assertTrue(outcome.reason().contains("its token has not come in time"), outcome.reason());
    }

    @Test
    void aTokenThatIsNotAcceptedIsReplacedOnce() {
        AtomicInteger fetched = new AtomicInteger();
        tokens.on("/token", visit -> visit.send(BadParticipant.answer(200,
            "{\"access_token\":\"t-" + fetched.incrementAndGet() + "\",\"expires_in\":3600}")));
        participant.on("/a", visit -> visit.send(visit.request().contains("Bearer t-2")
            ? BadParticipant.OK : BadParticipant.answer(401, "")));
        participant.on("/never", visit -> visit.send(BadParticipant.answer(401, "")));
        calling(oauth2(""));

        assertEquals(Kind.UNKNOWN, call(Calls.action(participant.url("/a"))).kind());
        assertEquals(Kind.SUCCESS, call(Calls.action(participant.url("/a"))).kind());
        for (int i = 0; i < 3; i++) {
            assertEquals(Kind.UNKNOWN, call(Calls.action(participant.url("/never"))).kind());
        }

        assertEquals(2, fetched.get());
    }

    @Test
    void aTokenServerThatMayNotBeCalledIsNot() {
        EgressRules rules = EgressRules.of(
            false, List.of(), List.of("127.0.0.1:" + tokens.port()), List.of());
        calling(new EgressGuard(() -> rules, OwnPorts.NONE, url -> url), oauth2(""));

        Outcome outcome = call(Calls.action(participant.url("/a")));

        assertEquals(Kind.PUT_OFF, outcome.kind());
        assertTrue(outcome.reason().contains("may not be called"), outcome.reason());
        assertEquals(0, tokens.connections());
    }

    @Test
    void eachParticipantIsShownItsOwnCertificate() throws Exception {
        PemFiles pem = new PemFiles(place);
        TlsFiles own = pem.issue("for-one");
        BadParticipant asking = opened(Wants.certificate(pem, "for-one"));
        BadParticipant alsoAsking = opened(Wants.certificate(pem, "for-two"));
        calling("https://localhost:" + asking.port() + " tls certificate="
            + own.certificate().get() + " key=" + own.key().get() + " ca=" + pem.ca() + "\n"
            + "https://localhost:" + alsoAsking.port() + " tls ca=" + pem.ca());

        assertEquals(Kind.SUCCESS, secure(asking).kind());
        assertEquals(Kind.SUCCESS, secure(asking).kind());
        assertEquals(1, asking.connections(), "it is kept");
        assertEquals(Kind.UNKNOWN, secure(alsoAsking).kind(), "shown none");
    }

    private Outcome secure(BadParticipant to) {
        return call(Calls.action(
            "https://localhost:" + to.port() + "/a", Duration.ofSeconds(20)));
    }

    private void giving(String token, int seconds) {
        tokens.on("/token", visit -> visit.send(BadParticipant.answer(200,
            "{\"access_token\":\"" + token + "\",\"token_type\":\"bearer\",\"expires_in\":"
                + seconds + ",\"more\":{\"a\":[1]}}")));
    }

    private String oauth2(String more) {
        return line(participant, "", "oauth2 token-url=" + tokens.url("/token")
            + " client-id=pac:tor secret-file=" + secret(CANARY) + " " + more);
    }

    private static String line(BadParticipant to, String path, String rest) {
        return to.url(path) + " " + rest.strip() + " plain";
    }

    private Path secret(String text) {
        Path file = place.resolve("secret");
        PemFiles.write(file, text + "\n");
        return file;
    }

    private void calling(String lines) {
        calling(EgressGuard.DEVELOPMENT, lines);
    }

    private void calling(EgressGuard guard, String lines) {
        Path file = place.resolve("credentials");
        PemFiles.write(file, lines + "\n");
        invokers = opened(Invokers.create(patient(), guard,
            Credentials.read(TlsFiles.NONE)::forClient,
            ParticipantCredentials.read(Optional.of(file), Optional.empty()), () -> true,
            Meter.create()));
    }

    /** The first handshake of a JVM takes long on a busy machine. */
    private static CallSettings patient() {
        CallSettings d = CallSettings.defaults();
        return new CallSettings(Duration.ofSeconds(20), Duration.ofSeconds(20),
            d.maxConnections(), d.maxConnectionsPerHost(), d.queuePerHost(), d.responseBytesMax(),
            d.lookupThreads(), d.ioThreads(), d.isDocker(), d.verdictMode(), d.grpc(),
            d.retries());
    }

    private Outcome call(BranchCall call) {
        return outcome(invokers.invoke(call));
    }

    private static List<String> values(BadParticipant of, String path, String header) {
        List<String> values = new ArrayList<>();
        for (String request : of.received(path)) {
            request.lines().takeWhile(line -> !line.isEmpty())
                .filter(line -> line.toLowerCase(Locale.ROOT).startsWith(header + ":"))
                .forEach(line -> values.add(line.substring(header.length() + 1).strip()));
        }
        return values;
    }

    private <T extends AutoCloseable> T opened(T closeable) {
        toClose.add(closeable);
        return closeable;
    }
}

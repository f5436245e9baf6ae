package branch;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import transaction.BranchCall;
import transaction.Outcome;

/** Calls with a bug in them do not pass the tests of the calls: docs/seeded-bugs.md. */
class SeededCallBugsTest {

    private static final Duration WITHIN = Duration.ofSeconds(5);

    @Test
    void redirectFollowed() throws Exception {
        HttpClient client = HttpClient.newBuilder().followRedirects(HttpClient.Redirect.ALWAYS)
            .connectTimeout(WITHIN).build();
        BadParticipantTest test = new BadParticipantTest() {
            @Override
            CompletionStage<Outcome> invoke(BranchCall call) {
                HttpRequest request =
                    HttpRequest.newBuilder(URI.create(call.url())).timeout(WITHIN).build();
                return client.sendAsync(request, BodyHandlers.discarding())
                    .handle((answer, thrown) -> Outcome.unknown("not looked at"));
            }
        };
        assertFound("expected: <0>", test, test::redirectsLeadNowhere);
    }

    @Test
    void hiddenClientRetry() throws Exception {
        BadParticipantTest test = new BadParticipantTest() {
            @Override
            CompletionStage<Outcome> invoke(BranchCall call) {
                return super.invoke(call).thenCompose(outcome ->
                    outcome.kind() == Outcome.Kind.UNKNOWN ? super.invoke(call)
                        : CompletableFuture.completedStage(outcome));
            }
        };
        assertFound("receipts", test, () -> test.theOutcomeIsAsDeclaredAndNothingIsSentTwice(
            test.rows().filter(row -> row.path().equals("/d04-end-at-once")).findFirst()
                .orElseThrow()));
    }

    @Test
    void gidNotEncoded() {
        RequestTest test = new RequestTest() {
            @Override
            String wire(BranchCall call) throws Unsendable {
                String encoded = URLEncoder.encode(call.gid(), StandardCharsets.UTF_8);
                return super.wire(call).replace("gid=" + encoded, "gid=" + call.gid());
            }
        };
        assertThrows(AssertionError.class, test::idsAreEncoded);
    }

    private static void assertFound(String why, BadParticipantTest test, Runnable check)
            throws Exception {
        try {
            test.misbehave();
            String said = assertThrows(AssertionError.class, check::run).getMessage();
            assertTrue(said.contains(why), said);
        } finally {
            test.stop();
        }
    }
}

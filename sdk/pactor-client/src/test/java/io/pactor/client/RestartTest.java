package io.pactor.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pactor.testing.CoordinatorProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A coordinator that dies while clients use it: they come back by themselves. */
@Timeout(300)
class RestartTest {

    private static final int SAGAS = 40;
    private static final Duration WAIT = Duration.ofMinutes(2);

    @TempDir
    Path dir;

    private final Participants services = new Participants();
    private CoordinatorProcess coordinator;

    @AfterEach
    void close() {
        services.close();
        if (coordinator != null) {
            coordinator.close();
        }
    }

    private Saga saga(Pactor pactor, int number) {
        return pactor.saga("s" + number).step(Call.post(services.url("/out"), "{}"))
            .step(Call.post(services.url("/in"), "{}"));
    }

    @Test
    void nothingIsLostAndNothingBegunTwice() throws Exception {
        coordinator = CoordinatorProcess.start(CoordinatorProcess.Launch.in(dir)
            .withArguments("--set", "pactor.transaction.retry-interval=1s"));
        try (Pactor pactor = Pactor.builder().urls(coordinator.baseUrl())
                .timeout(WAIT).attempts(1_000).build()) {
            List<CompletableFuture<Outcome>> outcomes = new ArrayList<>();
            for (int i = 0; i < SAGAS; i++) {
                outcomes.add(saga(pactor, i).submitAndWaitAsync(WAIT));
                if (i == SAGAS / 2) {
                    coordinator.killHard();
                }
            }
            coordinator.restart();
            for (int i = 0; i < SAGAS; i++) {
                assertEquals(new Outcome.Succeeded("s" + i),
                    outcomes.get(i).get(200, TimeUnit.SECONDS));
            }
            for (int i = 0; i < SAGAS; i++) {
                assertEquals(new Outcome.Succeeded("s" + i), saga(pactor, i).submitAndWait(WAIT));
                List<String> calls = services.calls("s" + i);
                // A call whose answer died with the coordinator is made again, and no other.
                assertEquals(List.of("/out", "/in"), calls.stream().distinct().toList());
                assertTrue(calls.size() <= 3, "s" + i + " " + calls);
            }
        }
    }

    @Test
    void whatIsOpenOutlivesTheCoordinator() {
        coordinator = CoordinatorProcess.start(dir);
        try (Pactor pactor = Pactor.builder().urls(coordinator.baseUrl())
                .timeout(WAIT).attempts(1_000).build()) {
            Outcome outcome = pactor.tcc("trip").timeoutToFail(WAIT).run(WAIT, tx -> {
                book(tx, "hotel");
                coordinator.restart();
                book(tx, "air");
            });
            pactor.message("paid").to(Call.get(services.url("/credit")))
                .checkBackAt(services.url("/check")).checkBackAfter(WAIT)
                .commitWith(gid -> coordinator.restart());

            assertEquals(new Outcome.Succeeded("trip"), outcome);
            assertEquals(List.of("/hotel/try", "/air/try", "/air/confirm", "/hotel/confirm"),
                services.calls("trip"));
            assertEquals(new Outcome.Succeeded("paid"), pactor.message("paid")
                .to(Call.get(services.url("/credit"))).submitAndWait(WAIT));
            assertEquals(List.of("/credit"), services.calls("paid"));
        }
    }

    private void book(TccBranches tx, String name) {
        tx.branch(Call.post(services.url("/" + name + "/try"), "{}"),
            Call.post(services.url("/" + name + "/confirm"), "{}"),
            Call.post(services.url("/" + name + "/cancel"), "{}"));
    }
}

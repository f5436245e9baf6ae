package io.pactor.spring.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pactor.client.Outcome;
import io.pactor.testing.CoordinatorProcess;
import org.junit.jupiter.api.Test;
import org.springframework.context.ConfigurableApplicationContext;

/** From a coordinator inside the application to a server and back: open transactions go along. */
public abstract class MovingContract extends EmbeddedContract {

    @Test
    void a_saga_that_began_inside_goes_on_at_a_server_and_ends_inside() {
        try (ConfigurableApplicationContext inside = embedded()) {
            saga(inside, "moves").submit();
            await().atMost(PATIENCE).until(() -> calls.get() > 0);
        }
        int before = calls.get();
        try (CoordinatorProcess server = CoordinatorProcess.start(dir);
                ConfigurableApplicationContext outside = started(
                    "--pactor.mode=url", "--pactor.url=" + server.baseUrl())) {
            await().atMost(PATIENCE).until(() -> calls.get() > before);
            assertThat(status(outside, "moves")).isEqualTo("submitted");
            server.stop();
        }
        isDone.set(true);
        try (ConfigurableApplicationContext inside = embedded()) {
            await().atMost(PATIENCE).until(() -> status(inside, "moves").equals("succeed"));
            assertThat(saga(inside, "moves").submitAndWait(PATIENCE))
                .isEqualTo(new Outcome.Succeeded("moves"));
        }
    }
}

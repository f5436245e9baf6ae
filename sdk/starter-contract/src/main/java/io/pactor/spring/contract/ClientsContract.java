package io.pactor.spring.contract;

import static org.assertj.core.api.Assertions.assertThat;

import io.pactor.client.Outcome;
import io.pactor.client.Pactor;
import io.pactor.testing.CoordinatorProcess;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.cloud.openfeign.EnableFeignClients;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;

/**
 * A saga of calls by Spring Cloud's Feign clients, whose participant calls others by each client
 * that Boot builds: they hear for which branch.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
public abstract class ClientsContract {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private CoordinatorProcess coordinator;
    private ConfigurableApplicationContext context;

    @Configuration(proxyBeanMethods = false)
    @EnableAutoConfiguration
    @EnableFeignClients(clients = Parcels.Post.class)
    @Import({Parcels.class, Parcels.Clerk.class})
    static class Application {}

    @BeforeAll
    void start(@TempDir Path dir) throws Exception {
        coordinator = CoordinatorProcess.start(dir.resolve("data"));
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        context = new SpringApplicationBuilder(Application.class).run("--server.port=" + port,
            "--spring.main.banner-mode=off", "--pactor.url=" + coordinator.baseUrl(),
            "--spring.datasource.url=jdbc:h2:mem:clients", "--self=http://127.0.0.1:" + port);
    }

    @AfterAll
    void stop() {
        if (context != null) {
            context.close();
        }
        if (coordinator != null) {
            coordinator.close();
        }
    }

    @Test
    void whom_a_participant_calls_hears_for_which_branch_it_does_so() {
        Parcels.Post post = context.getBean(Parcels.Post.class);
        Parcels parcels = context.getBean(Parcels.class);

        Outcome outcome = context.getBean(Pactor.class).saga("parcel 7")
            .step(() -> post.send(new Parcels.Parcel("a book"))).submitAndWait(PATIENCE);

        assertThat(outcome).isInstanceOf(Outcome.Succeeded.class);
        for (String client : new String[] {"RestClient", "WebClient", "Feign"}) {
            assertThat(parcels.heard(client)).as(client).isEqualTo("parcel%207 01 action saga");
        }
    }

    @Test
    void a_method_of_a_feign_client_is_a_branch() {
        Parcels.Parcel answer =
            context.getBean(Parcels.Clerk.class).ship(new Parcels.Parcel("a pen"));

        assertThat(answer.content()).isEqualTo("reserved a pen");
        assertThat(context.getBean(Parcels.class).heard("a pen"))
            .isEqualTo("reserved, confirmed");
    }

    @Test
    void what_is_called_outside_of_a_branch_hears_nothing() {
        context.getBean(Parcels.Post.class).hear("nobody");

        assertThat(context.getBean(Parcels.class).heard("nobody"))
            .isEqualTo("null null null null");
    }
}

package io.pactor.spring.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pactor.client.Pactor;
import io.pactor.client.TransactionView;
import io.pactor.client.UnavailableException;
import io.pactor.spring.transaction.GlobalContext;
import io.pactor.spring.transaction.GlobalRollbackException;
import io.pactor.testing.CoordinatorProcess;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.jdbc.core.JdbcTemplate;

/** TCC by annotation, in an application with a coordinator. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
public abstract class GlobalTransactionContract {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Rooms.Stay ANN = new Rooms.Stay("ann", 1);
    private static final Rooms.Stay TOO_MANY = new Rooms.Stay("bob", 9);

    private CoordinatorProcess coordinator;
    private ConfigurableApplicationContext context;
    private JdbcTemplate jdbc;
    private Journeys.Bookings bookings;
    private Journeys.Desk desk;

    @BeforeAll
    void start(@TempDir Path dir) throws Exception {
        coordinator = CoordinatorProcess.start(dir.resolve("data"));
        int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        context = new SpringApplicationBuilder(Journeys.class).run("--server.port=" + port,
            "--spring.main.banner-mode=off", "--pactor.url=" + coordinator.baseUrl(),
            "--pactor.timeout=10s", "--spring.datasource.url=jdbc:h2:mem:journeys");
        jdbc = context.getBean(JdbcTemplate.class);
        bookings = context.getBean(Journeys.Bookings.class);
        desk = context.getBean(Journeys.Desk.class);
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

    @BeforeEach
    void fill() {
        jdbc.update("update room set number = case when state = 'free' then 5 else 0 end");
        jdbc.update("delete from ordered");
    }

    @Test
    void a_method_that_returns_has_its_branches_confirmed() {
        assertThat(bookings.book(ANN, new Rooms.Stay("bob", 2))).isEqualTo(2);

        assertRooms(2, 0, 3);
    }

    @Test
    void a_refused_try_cancels_all_and_its_reason_is_the_participant_s() {
        assertThatThrownBy(() -> bookings.book(ANN, TOO_MANY))
            .isInstanceOf(GlobalRollbackException.class).hasMessage("no room for bob");

        awaitRooms(5, 0, 0);
    }

    @Test
    void a_refusal_that_the_method_swallows_cancels_all_the_same() {
        assertThatThrownBy(() -> bookings.swallow(TOO_MANY))
            .isInstanceOf(GlobalRollbackException.class).hasMessageContaining("no room for bob");

        awaitRooms(5, 0, 0);
    }

    @Test
    void an_exception_of_the_method_cancels_all_and_passes_through() {
        assertThatThrownBy(() -> bookings.bookAndFail("j0", ANN))
            .isExactlyInstanceOf(Exception.class).hasMessage("the card was stolen");

        awaitRooms(5, 0, 0);
    }

    @Test
    void what_the_local_transaction_does_not_commit_is_not_confirmed() {
        assertThatThrownBy(() -> bookings.bookWithoutCommit(ANN)).hasMessage("no commit");

        awaitRooms(5, 0, 0);
    }

    @Test
    void a_gid_of_its_own_is_done_once() {
        bookings.bookOnce("j2", ANN);
        bookings.bookOnce("j2", ANN);

        assertRooms(4, 0, 1);
        assertThat(context.getBean(Pactor.class).query("journey-j2"))
            .hasValueSatisfying(it -> assertThat(it.status()).isEqualTo("succeed"));
    }

    @Test
    void a_participant_s_own_branches_are_those_of_the_same_transaction() {
        AtomicReference<String> gid = new AtomicReference<>();
        desk.required(() -> {
            gid.set(GlobalContext.current().orElseThrow().gid());
            assertThat(bookings.order(ANN)).isEqualTo("for ann");
        });

        assertRooms(4, 0, 1);
        assertThat(jdbc.queryForList("select state from ordered", String.class))
            .containsExactly("done");
        TransactionView view =
            context.getBean(Pactor.class).query(gid.get()).orElseThrow();
        assertThat(view.branches()).extracting(TransactionView.BranchView::branchId)
            .contains("01", "0101");
    }

    @Test
    void a_participant_whose_own_branch_is_refused_is_not_confirmed() {
        assertThatThrownBy(() -> bookings.order(TOO_MANY)).isInstanceOf(RuntimeException.class);

        awaitRooms(5, 0, 0);
        assertThat(jdbc.queryForList("select state from ordered", String.class)).isEmpty();
    }

    @Test
    void propagation_is_as_it_says() {
        assertThatThrownBy(() -> desk.mandatory(ANN))
            .hasMessageContaining("must be called in a global transaction");
        assertThatThrownBy(() -> desk.supports(ANN))
            .hasMessageContaining("outside of a global transaction");
        assertThat(desk.never()).isEqualTo("alone");
        assertThatThrownBy(() -> desk.required(() -> desk.never()))
            .hasMessageContaining("must not be called in a global transaction");
        assertRooms(5, 0, 0);

        desk.required(() -> {
            desk.mandatory(ANN);
            desk.supports(ANN);
        });
        assertRooms(3, 0, 2);
    }

    @Test
    void a_branch_outside_of_a_transaction_is_not_called() {
        assertThatThrownBy(() -> context.getBean(Journeys.Hotel.class).hold(ANN))
            .hasMessageContaining("outside of a global transaction");
        assertRooms(5, 0, 0);
    }

    @Test
    void a_step_may_be_a_method_that_is_a_branch_elsewhere() {
        Journeys.Hotel hotel = context.getBean(Journeys.Hotel.class);

        context.getBean(Pactor.class).saga().step(() -> hotel.hold(ANN))
            .undo(() -> hotel.setFree(ANN)).submitAndWait(PATIENCE);

        assertRooms(4, 1, 0);
    }

    @Test
    void within_a_local_transaction_none_is_begun() {
        assertThatThrownBy(() -> bookings.local(bookings, ANN))
            .hasMessageContaining("was called in a local one");
        assertRooms(5, 0, 0);
    }

    @Test
    @Order(Integer.MAX_VALUE)
    void without_a_coordinator_nothing_is_done() {
        coordinator.close();

        assertThatThrownBy(() -> bookings.book(ANN, ANN))
            .isInstanceOf(UnavailableException.class);
        assertRooms(5, 0, 0);
    }

    private void assertRooms(int free, int held, int booked) {
        assertThat(List.of(number("free"), number("held"), number("booked")))
            .isEqualTo(List.of(free, held, booked));
    }

    private void awaitRooms(int free, int held, int booked) {
        await().atMost(PATIENCE).untilAsserted(() -> assertRooms(free, held, booked));
    }

    private int number(String state) {
        return context.getBean(Rooms.class).number(state);
    }
}

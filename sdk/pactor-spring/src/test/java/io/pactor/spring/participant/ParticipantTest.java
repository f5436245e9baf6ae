package io.pactor.spring.participant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pactor.client.participant.BranchCall;
import io.pactor.client.participant.Refused;
import java.io.IOException;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.aspectj.lang.ProceedingJoinPoint;
import org.aspectj.lang.annotation.Around;
import org.aspectj.lang.annotation.Aspect;
import org.junit.jupiter.api.Test;
import org.springframework.boot.test.context.runner.ContextConsumer;
import org.springframework.boot.test.context.assertj.AssertableApplicationContext;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;
import org.springframework.jdbc.core.JdbcTemplate;

/** One participant over JDBC, called as the coordinator calls it. */
class ParticipantTest {

    private static final BranchCall ACTION = new BranchCall("g1", "saga", "01", "action");
    private static final BranchCall UNDO = new BranchCall("g1", "saga", "01", "compensate");

    @Test
    void a_repeat_gets_the_same_reply_and_runs_nothing() {
        run(shelf -> {
            Shelf.Taken first = call(ACTION, () -> shelf.take(3));

            assertThat(first).isEqualTo(new Shelf.Taken("java", 7));
            assertThat(call(ACTION, () -> shelf.take(3))).isEqualTo(first);
            assertThat(shelf.copies()).isEqualTo(7);
        });
    }

    @Test
    void an_undo_runs_once() {
        run(shelf -> {
            call(ACTION, () -> shelf.take(3));
            call(UNDO, () -> putBack(shelf));
            call(UNDO, () -> putBack(shelf));

            assertThat(shelf.copies()).isEqualTo(10);
        });
    }

    @Test
    void an_undo_without_its_action_runs_nothing_and_stops_the_action_that_comes_later() {
        run(shelf -> {
            call(UNDO, () -> putBack(shelf));

            assertThatThrownBy(() -> call(ACTION, () -> shelf.take(3)))
                .isInstanceOf(Refused.class).hasMessageContaining("undone before it came");
            assertThat(shelf.copies()).isEqualTo(10);
        });
    }

    @Test
    void what_was_refused_is_rolled_back_and_its_undo_runs_nothing() {
        run(shelf -> {
            assertThatThrownBy(() -> call(ACTION, () -> shelf.take(11)))
                .isInstanceOf(Refused.class);
            call(UNDO, () -> {
                shelf.putBack(11);
                return null;
            });

            assertThat(shelf.copies()).isEqualTo(10);
        });
    }

    @Test
    void a_checked_exception_rolls_back_so_that_the_next_call_is_the_first() {
        run(shelf -> {
            for (int attempt = 0; attempt < 2; attempt++) {
                assertThatThrownBy(() -> call(ACTION, () -> shelf.takeAndFail(3)))
                    .isInstanceOf(IOException.class);
            }
            assertThat(shelf.copies()).isEqualTo(10);
        });
    }

    @Test
    void a_refusal_rolls_back_also_where_the_annotation_says_otherwise() {
        run(shelf -> {
            assertThatThrownBy(() -> call(ACTION, () -> shelf.takeAndRefuse(3)))
                .isInstanceOf(Refused.class);

            assertThat(shelf.copies()).isEqualTo(10);
        });
    }

    @Test
    void an_undo_that_answers_a_number_answers_zero_if_there_is_nothing_to_do() {
        run(shelf -> {
            call(ACTION, () -> shelf.count());

            assertThat(call(ACTION, () -> shelf.count())).isEqualTo(10);
        });
    }

    @Test
    void a_reply_that_cannot_be_kept_rolls_back() {
        run(shelf -> {
            assertThatThrownBy(() -> call(ACTION, () -> shelf.takeLarge(3)))
                .hasMessageContaining("70000 bytes");

            assertThat(shelf.copies()).isEqualTo(10);
        });
    }

    @Test
    void addresses_that_were_taken_for_each_other_are_told() {
        run(shelf -> {
            assertThatThrownBy(() -> call(UNDO, () -> shelf.take(3)))
                .isInstanceOf(ParticipantException.class).hasMessageContaining("op=compensate");
            assertThatThrownBy(() -> call(ACTION, () -> putBack(shelf)))
                .isInstanceOf(ParticipantException.class).hasMessageContaining("op=action");
            assertThat(shelf.copies()).isEqualTo(10);
        });
    }

    @Test
    void a_call_outside_of_a_branch_is_refused() {
        run(shelf -> {
            assertThatThrownBy(() -> shelf.take(3)).isInstanceOf(ParticipantException.class)
                .hasMessageContaining("outside of a branch call");
            assertThat(shelf.copies()).isEqualTo(10);
        });
    }

    @Test
    void another_thread_does_not_know_the_call() {
        run(shelf -> {
            assertThatThrownBy(() -> call(ACTION,
                () -> CompletableFuture.supplyAsync(() -> shelf.take(3)).join()))
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(ParticipantException.class);
            assertThat(shelf.copies()).isEqualTo(10);
        });
    }

    @Test
    void two_participants_in_one_call_are_refused() {
        run(shelf -> assertThatThrownBy(() -> call(ACTION, () -> {
            shelf.take(1);
            return shelf.count();
        })).isInstanceOf(ParticipantException.class)
            .hasMessageContaining("within the participant"));
    }

    @Test
    void the_barrier_is_within_the_transaction_whatever_the_order_of_other_advice() {
        Runners.jdbc().withBean(Shelf.class).withBean(Innermost.class)
            .run(with(shelf -> {
                assertThatThrownBy(() -> call(ACTION, () -> shelf.take(3)))
                    .hasMessage("refused by an aspect");

                assertThat(shelf.copies()).isEqualTo(10);
            }));
    }

    @Test
    void the_rows_are_those_of_dtm() {
        Runners.jdbc().withBean(Shelf.class).run(context -> {
            call(ACTION, () -> context.getBean(Shelf.class).take(3));

            assertThat(context.getBean(JdbcTemplate.class).queryForMap(
                "select trans_type, gid, branch_id, op, barrier_id, reason from barrier"))
                .containsEntry("gid", "g1").containsEntry("trans_type", "saga")
                .containsEntry("branch_id", "01").containsEntry("op", "action")
                .containsEntry("barrier_id", "01").containsEntry("reason", "action");
        });
    }

    /** An aspect as deep as one can declare it; it fails after the method has worked. */
    @Aspect
    @Order(Ordered.LOWEST_PRECEDENCE)
    static class Innermost {

        @Around("@annotation(io.pactor.spring.participant.Participant)")
        Object around(ProceedingJoinPoint point) throws Throwable {
            point.proceed();
            throw new IllegalStateException("refused by an aspect");
        }
    }

    /** A test of the shelf, which may throw. */
    private interface ShelfTest {

        void run(Shelf shelf) throws Exception;
    }

    private static void run(ShelfTest test) {
        Runners.jdbc().withBean(Shelf.class).run(with(test));
    }

    private static ContextConsumer<AssertableApplicationContext> with(ShelfTest test) {
        return context -> test.run(context.getBean(Shelf.class));
    }

    private static <T> T call(BranchCall call, Callable<T> body) throws Exception {
        return BranchContext.call(call, body);
    }

    private static Void putBack(Shelf shelf) {
        shelf.putBack(3);
        return null;
    }
}

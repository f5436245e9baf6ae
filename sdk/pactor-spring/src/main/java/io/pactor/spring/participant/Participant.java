package io.pactor.spring.participant;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A method that the coordinator calls as a branch of a global transaction: an action, or what
 * undoes one.
 *
 * <p>It runs at most once. The barrier's row is written before the body, in the database
 * transaction of the method, so that it is there if and only if the work is. A repeat gets the
 * reply of the first call and runs nothing; an undo without its action runs nothing; an action that
 * comes after its undo is refused; an action that threw has left nothing, so its undo runs nothing.
 *
 * <pre>{@code
 * @Participant
 * @Transactional
 * @PostMapping("/stock/reserve")
 * public Reservation reserve(@RequestBody Lines lines) { ... }
 *
 * @Participant(undoes = "reserve")
 * @Transactional
 * @PostMapping("/stock/release")
 * public void release(@RequestBody Lines lines) { ... }
 * }</pre>
 *
 * <p>To return is to succeed. To refuse, throw {@link io.pactor.client.participant.Refused}; to be
 * asked again later, {@link io.pactor.client.participant.Ongoing}. Any other exception leaves the
 * outcome open, and the coordinator calls again. Each exception, a checked one too, rolls the
 * database transaction back.
 *
 * <p>The method needs a transaction of a manager that binds a JDBC connection, which writes. The
 * application does not start without: a {@link ParticipantException} names bean and method. A call
 * without {@code gid}, {@code branch_id}, {@code op} and {@code trans_type}, or from another
 * thread, is refused. What the method returns is kept as JSON for repeats, at most {@value
 * io.pactor.client.participant.Reply#MAX_BYTES} bytes; so it returns no stream, future or
 * publisher.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Participant {

    /**
     * The method of the same class whose work this one undoes; empty for an action. One that undoes
     * takes the operations {@code compensate}, {@code cancel} and {@code rollback} only, and an
     * action none of them: addresses that were taken for each other are found at the first call.
     */
    String undoes() default "";
}

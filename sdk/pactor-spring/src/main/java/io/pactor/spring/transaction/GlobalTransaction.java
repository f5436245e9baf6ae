package io.pactor.spring.transaction;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A method whose calls of {@link Tcc} methods are branches of one TCC transaction: if it returns,
 * all are confirmed; if it throws, or a try is refused, all are cancelled. If the process dies
 * before the end, the coordinator cancels them after {@link #timeout}.
 *
 * <pre>{@code
 * @GlobalTransaction(timeout = 60)
 * public void book(Trip trip) {
 *     hotel.hold(trip.stay());
 *     airline.hold(trip.seat());
 * }
 * }</pre>
 *
 * <p>It begins before the advice of {@code @Transactional} and ends after it, so that branches are
 * confirmed when the local transaction has committed, and cancelled if that failed. Within a local
 * transaction it does not begin. Without a coordinator it fails; nothing is done locally instead.
 *
 * <p>To return is to be decided: the coordinator confirms for as long as it takes, and the method
 * does not wait longer than {@code pactor.timeout} for that. An exception of the method's own
 * passes through after the rollback was begun. Others are
 *
 * <ul>
 * <li>{@link GlobalRollbackException} if a try was refused, or the time was over: it is rolled back
 * <li>{@link io.pactor.client.BranchUnknownException} if a try brought no verdict: it is rolled
 *     back
 * <li>{@link io.pactor.client.UnavailableException} if no coordinator answers; at the end of the
 *     method it means that nobody knows how it ends
 * </ul>
 *
 * <p>It belongs to the thread: calls from other threads are outside of it. A call through
 * {@code this} passes no proxy and begins nothing; {@code @Tcc} methods then refuse.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface GlobalTransaction {

    /** The age in seconds at which it is rolled back if it has not ended; 0: the coordinator's. */
    int timeout() default 0;

    /** By which it can be found: the attribute {@code name}, which DTM does not know; or none. */
    String name() default "";

    /**
     * The gid as an expression over the method's arguments, such as {@code "'trip-' + #trip.id"}; a
     * random one if empty. A gid whose transaction has ended is not begun again: the method is not
     * run. So it must return nothing.
     */
    String gid() default "";

    /** What becomes of one that is there already, begun by a caller. */
    Propagation propagation() default Propagation.REQUIRED;

    /**
     * Whether one is begun or joined. Joined is that of a caller on the same thread, and that of a
     * TCC whose try the thread serves. Within the call of any other branch it is refused.
     */
    enum Propagation {

        /** Joins the one that is there, else begins one. */
        REQUIRED,

        /** Joins the one that is there, else refuses. */
        MANDATORY,

        /** Joins the one that is there, else runs without. */
        SUPPORTS,

        /** Refuses if one is there, else runs without. */
        NEVER
    }
}

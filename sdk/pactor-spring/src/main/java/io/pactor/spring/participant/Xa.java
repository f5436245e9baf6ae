package io.pactor.spring.participant;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A method of a controller that does a participant's share of XA transactions: the first phase. It
 * runs in a transaction of the database that is then prepared; Pactor serves the second phase at
 * the same url. There is no JTA server.
 *
 * <pre>{@code
 * @Xa
 * @PostMapping("/accounts/withdraw")
 * public Balance withdraw(@RequestBody Transfer transfer) { ... }
 * }</pre>
 *
 * <p>Whatever takes the connection that Spring has bound works in that transaction: JDBC, jOOQ,
 * MyBatis, and methods with {@code @Transactional} of its data source's manager, which join it. JPA
 * does not, and is refused. To return is to be prepared, and not to be committed: nothing runs
 * after the commit, so listeners of that phase are not called. To refuse, throw
 * {@link io.pactor.client.participant.Refused}; after any other exception the initiator rolls back.
 *
 * <p>The method has no {@code @Transactional}, is mapped to POST, and its database is PostgreSQL
 * or MariaDB; {@code pactor.participant.base-url} says where the coordinator reaches it. The
 * application does not start without: a {@link ParticipantException} names bean and method.
 *
 * <p>The second phase comes to the path of the first, without its query: what a caller writes there
 * does not get into what the coordinator calls. So the mapping must not need a query parameter.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Xa {

    /** The bean of the data source; that of its type, or the primary one, if empty. */
    String dataSource() default "";
}

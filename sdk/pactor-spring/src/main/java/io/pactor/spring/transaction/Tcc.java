package io.pactor.spring.transaction;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The try of a branch, on a method of an interface by which another service is called: one of
 * {@code @HttpExchange} or Feign. Its confirm and its cancel are methods of the same interface with
 * the same parameters.
 *
 * <pre>{@code
 * interface Hotel {
 *
 *     @Tcc(confirm = "book", cancel = "setFree")
 *     @PostExchange("/rooms/hold")
 *     Held hold(@RequestBody Stay stay);
 *
 *     @PostExchange("/rooms/book")
 *     void book(@RequestBody Stay stay);
 *
 *     @PostExchange("/rooms/set-free")
 *     void setFree(@RequestBody Stay stay);
 * }
 * }</pre>
 *
 * <p>Called within a {@link GlobalTransaction}, it makes the branch known to the coordinator, calls
 * the try, and returns its answer. Called outside of one it refuses. In the lambda of a step it is
 * recorded, as any other method.
 *
 * <p>It returns nothing, a String, or a class that the application's mapper can read. The
 * application does not start if that is not so, or if there is no confirm or cancel. The methods
 * that serve the three calls are participants.
 */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Tcc {

    /** The method of the same interface that confirms. */
    String confirm();

    /** The method of the same interface that cancels. */
    String cancel();
}

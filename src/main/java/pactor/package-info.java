/**
 * Puts a coordinator together and starts it: {@link pactor.Pactor} in somebody's actor system,
 * {@link pactor.Server} with the HTTP and gRPC interfaces.
 *
 * <ul>
 *   <li>{@code settings}: what can be set, where from, and what is wrong with it
 *   <li>{@code cluster}: membership, the rows that fence a node, who decides after a cut
 *   <li>{@code doctor}: looks at an installation and says what to do
 *   <li>{@code cli}: the command line of the runnable jar, and its log
 * </ul>
 *
 * <p>The library for hosts has the first two and this package; {@code doctor} and {@code cli} are
 * the runnable jar's.
 */
package pactor;

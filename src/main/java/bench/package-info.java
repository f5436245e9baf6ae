/**
 * {@code pactor bench}: drives any coordinator that speaks DTM's protocol, over HTTP or gRPC, and
 * counts what came to its end.
 *
 * <p>Two threads do the work. The load's event loop owns the {@link bench.LoadLane lanes} (one
 * request outstanding each, over HTTP on a connection of its own), the {@link bench.Tally} and the
 * questions about states; the participants' event loop answers the branch calls. They meet in one
 * array, the {@link bench.SlotBoard}. The main thread keeps the clock and prints.
 *
 * <p>The tool shares the machine with what it measures, so its requests are templates in which only
 * the gid is written anew, and its answers are constants.
 */
package bench;

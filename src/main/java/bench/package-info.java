/**
 * {@code pactor bench}: drives any coordinator that speaks DTM's HTTP protocol, and counts what
 * came to its end.
 *
 * <p>Two threads do the work. The load's event loop owns the {@link bench.Lane lanes} (one
 * keep-alive connection each, one request outstanding), the {@link bench.Tally} and the questions
 * about states; the participants' event loop answers the branch calls. They meet in one array, the
 * {@link bench.SlotBoard}. The main thread keeps the clock and prints.
 *
 * <p>The tool shares the machine with what it measures, so its requests are templates in which only
 * the gid is written anew, its answers are constant bytes, and nothing is looked up in a map.
 */
package bench;

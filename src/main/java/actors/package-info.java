/**
 * The actors that run transactions. {@link actors.TransactionActor} hosts one transaction and
 * carries out what the rules decide; {@link actors.ShardedCoordinator} is the port that the
 * interfaces call; {@link actors.Waker} resumes what is due; {@link actors.Sweeper} removes what
 * has finished.
 *
 * <ul>
 *   <li>{@code feed}: live events of transactions, from any node to any node
 *   <li>{@code testmode}: time that can be skipped, and passes that are run by hand
 * </ul>
 */
package actors;

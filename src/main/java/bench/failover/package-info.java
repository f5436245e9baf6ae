/**
 * {@code pactor bench failover}: what clients see when a node dies, stops or starts, or the
 * database is away.
 *
 * <p>{@link bench.failover.FailoverCommand} reads the {@link bench.failover.Scenario} from the
 * options. {@link bench.failover.Rehearsal} starts {@link bench.failover.Nodes} as child processes,
 * has {@link bench.failover.LoadClients} make sagas there, lets one thing happen, and notes all
 * that was seen in a {@link bench.failover.Chronicle}. {@link bench.failover.FailoverFigures},
 * {@link bench.failover.FailoverReport} and {@link bench.failover.Picture} are made from that
 * alone, so they are tested without any process.
 *
 * <p>Clients and participants live on one event loop, the load's. {@link bench.failover.Lookout}
 * asks the nodes for their view of the cluster on a thread of its own.
 */
package bench.failover;

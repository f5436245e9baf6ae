/**
 * {@code pactor bench failover}: what clients see when a node dies, stops or starts, or the
 * database is away.
 *
 * <p>{@link failover.FailoverCommand} reads the {@link failover.Scenario} from the options;
 * {@link failover.Rehearsal} starts {@link failover.Nodes} as child processes, has
 * {@link failover.Clients} make sagas there, lets one thing happen, and notes all that was seen in
 * a {@link failover.Chronicle}. {@link failover.Figures}, {@link failover.Report} and
 * {@link failover.Picture} are made from that alone, so they are tested without any process.
 *
 * <p>Clients and participants live on one event loop, the load's; {@link failover.Lookout} asks the
 * nodes for their view of the cluster on a thread of its own.
 */
package failover;

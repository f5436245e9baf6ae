/**
 * The nodes of a cluster: {@link pactor.cluster.Node} joins them, {@link pactor.cluster.Membership}
 * keeps this node's row in the database, which is also its fence, {@link
 * pactor.cluster.DatabaseLease} has the database decide who goes on after a cut, and {@link
 * pactor.cluster.PeerProbe} notices at once that a process has ended.
 */
package pactor.cluster;

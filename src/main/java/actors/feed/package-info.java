/**
 * Live events. Each node keeps its own in an {@link actors.feed.EventFeed}; {@link
 * actors.feed.ClusterEvents} is the port through which a client reads those of all nodes, in order
 * and from a position on.
 */
package actors.feed;

package actors.feed;

import java.util.List;
import org.apache.pekko.actor.typed.ActorRef;
import transaction.LiveEvents;

/** What the feeds of a cluster's nodes and their readers say to each other across nodes. */
sealed interface FeedMessage {

    /** A reader asks where a feed stands; answered with {@link Here}. */
    record Hello(ActorRef<FeedReader.Message> reader) implements FeedMessage, FeedSource.Message {}

    /**
     * A reader wants what comes after a number; answered with {@link Batch} as soon as there is
     * something, or after some time without anything; with {@link Here} if the origin's name is
     * another one by now.
     */
    record Pull(String origin, long after, LiveEvents.Filter filter,
            ActorRef<FeedReader.Message> reader) implements FeedMessage, FeedSource.Message {}

    /** Where a feed stands. */
    record Here(ActorRef<FeedSource.Message> desk, EventFeed.Origin origin)
            implements FeedMessage, FeedReader.Message {}

    /**
     * What has come.
     *
     * @param after the number after which it was asked
     * @param upTo the number of the last notice that was looked at
     * @param missed whether some that should be in it are gone
     */
    record Batch(String origin, long after, List<EventFeed.Numbered> found, long upTo,
            boolean missed) implements FeedMessage, FeedReader.Message {

        public Batch {
            found = List.copyOf(found);
        }
    }
}

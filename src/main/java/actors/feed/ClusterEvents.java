package actors.feed;

import actors.Background;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import transaction.LiveEvents;

/**
 * What happens on all nodes of a cluster, read from any of them: each node keeps its own
 * {@link EventFeed}, and a reader pulls from all of them as fast as it reads. Nothing goes from
 * node to node while nobody reads.
 */
public final class ClusterEvents implements LiveEvents {

    private final Background background;
    private final ActorRef<FeedSource.Message> desk;

    private ClusterEvents(Background background, ActorRef<FeedSource.Message> desk) {
        this.background = background;
        this.desk = desk;
    }

    /**
     * Opens this node's feed to all nodes.
     *
     * @param readers of this node at one time
     * @param heartBeat after which a reader without news is given an empty page
     */
    public static ClusterEvents start(
            Background background, EventFeed feed, int readers, Duration heartBeat) {
        return new ClusterEvents(background, background.spawn(
            "events", FeedSource.create(feed, new FeedSource.Bounds(readers, heartBeat))));
    }

    @Override
    public CompletionStage<Optional<Reader>> open(String after, Filter filter) {
        FeedPosition position = after.isEmpty() ? null : FeedPosition.of(after);
        var opened = new CompletableFuture<Optional<Reader>>();
        desk.tell(new FeedSource.Open(position, filter, opened));
        return opened;
    }

    /** Ends all readers of this node; what happens goes on being kept. */
    public void stop() {
        background.end(desk, FeedSource.STOP);
    }
}

package transaction;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/**
 * Port, needed: which urls a message to a topic goes to. Strongly consistent: who reads after a
 * change was answered sees it.
 *
 * <p>No method blocks. A stage completes exceptionally if the database is out of reach.
 */
public interface Topics {

    /** Those of a namespace; these are of {@code default}. Another's are as if they were not. */
    Topics in(String namespace);

    /** {@link Reply.Done}, or {@link Reply.Invalid} if the url subscribes already. */
    CompletionStage<Reply> subscribe(String topic, String url, String remark);

    /** {@link Reply.Done}, or {@link Reply.Invalid} if there is no such topic or url. */
    CompletionStage<Reply> unsubscribe(String topic, String url);

    /** {@link Reply.Done}, or {@link Reply.Missing}. */
    CompletionStage<Reply> delete(String topic);

    CompletionStage<Optional<Topic>> find(String topic);

    /**
     * In the order of their names.
     *
     * @param after what the page before gave as the next; empty for the first
     */
    CompletionStage<Page> list(String after, int limit);

    /** @param next where the next page begins; empty if this was the last */
    record Page(List<Topic> rows, String next) {}

    /** @param version 1 at first, and 1 more with each change */
    record Topic(
            String name,
            List<Subscriber> subscribers,
            int version,
            Instant createdAt,
            Instant updatedAt) {

        public Topic {
            subscribers = List.copyOf(subscribers);
        }

        public List<String> urls() {
            return subscribers.stream().map(Subscriber::url).toList();
        }
    }

    record Subscriber(String url, String remark) {}
}

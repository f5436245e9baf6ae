package egress;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import transaction.InvalidRequest;
import transaction.Reply;
import transaction.Topics;

/** Lets nobody subscribe who may not be called. */
final class GuardedTopics implements Topics {

    private final Topics guarded;
    private final EgressGuard guard;

    GuardedTopics(Topics guarded, EgressGuard guard) {
        this.guarded = guarded;
        this.guard = guard;
    }

    @Override
    public Topics in(String namespace) {
        return new GuardedTopics(guarded.in(namespace), guard);
    }

    @Override
    public CompletionStage<Reply> subscribe(String topic, String url, String remark) {
        try {
            guard.requireUrl("url", url);
        } catch (InvalidRequest refused) {
            return CompletableFuture.completedFuture(new Reply.Invalid(refused.getMessage()));
        }
        return guarded.subscribe(topic, url, remark);
    }

    @Override
    public CompletionStage<Reply> unsubscribe(String topic, String url) {
        return guarded.unsubscribe(topic, url);
    }

    @Override
    public CompletionStage<Reply> delete(String topic) {
        return guarded.delete(topic);
    }

    @Override
    public CompletionStage<Optional<Topic>> find(String topic) {
        return guarded.find(topic);
    }

    @Override
    public CompletionStage<Page> list(String after, int limit) {
        return guarded.list(after, limit);
    }
}

package http;

import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import transaction.Context;
import transaction.Reply;
import transaction.Topics;

/** Topics in a map. */
public final class MemoryTopics implements Topics {

    private final TreeMap<String, Topic> topics = new TreeMap<>();
    private final Clock clock;
    private final Map<String, MemoryTopics> others = new HashMap<>();
    private RuntimeException trouble;

    MemoryTopics(Clock clock) {
        this.clock = clock;
    }

    @Override
    public synchronized Topics in(String namespace) {
        return namespace.equals(Context.DEFAULT_NAMESPACE) ? this
            : others.computeIfAbsent(namespace, none -> new MemoryTopics(clock));
    }

    /** From now on no answer is to be had; null ends it. */
    public synchronized void breakWith(RuntimeException why) {
        trouble = why;
    }

    @Override
    public synchronized CompletionStage<Reply> subscribe(String name, String url, String remark) {
        Topic old = topics.get(name);
        if (old != null && old.urls().contains(url)) {
            return told(new Reply.Invalid("this url exists"));
        }
        List<Subscriber> all = new ArrayList<>(old == null ? List.of() : old.subscribers());
        all.add(new Subscriber(url, remark));
        put(name, old, all);
        return told(Reply.DONE);
    }

    @Override
    public synchronized CompletionStage<Reply> unsubscribe(String name, String url) {
        Topic old = topics.get(name);
        if (old == null) {
            return told(new Reply.Invalid("no such a topic"));
        }
        if (!old.urls().contains(url)) {
            return told(new Reply.Invalid(
                old.urls().isEmpty() ? "this topic is empty" : "no such an url "));
        }
        put(name, old, old.subscribers().stream().filter(s -> !s.url().equals(url)).toList());
        return told(Reply.DONE);
    }

    @Override
    public synchronized CompletionStage<Reply> delete(String name) {
        return told(topics.remove(name) == null
            ? new Reply.Missing("storage: NotFound") : Reply.DONE);
    }

    @Override
    public synchronized CompletionStage<Optional<Topic>> find(String name) {
        return told(Optional.ofNullable(topics.get(name)));
    }

    @Override
    public synchronized CompletionStage<Page> list(String after, int limit) {
        var rest = topics.tailMap(after, false);
        List<Topic> rows = rest.values().stream().limit(limit).toList();
        return told(new Page(rows,
            rows.size() == rest.size() ? "" : rows.get(rows.size() - 1).name()));
    }

    private void put(String name, Topic old, List<Subscriber> subscribers) {
        topics.put(name, new Topic(name, subscribers, old == null ? 1 : old.version() + 1,
            old == null ? clock.instant() : old.createdAt(), clock.instant()));
    }

    private <T> CompletionStage<T> told(T answer) {
        return trouble == null ? CompletableFuture.completedFuture(answer)
            : CompletableFuture.failedFuture(trouble);
    }
}

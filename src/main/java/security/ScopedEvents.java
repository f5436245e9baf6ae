package security;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import transaction.LiveEvents;
import transaction.Notice;
import transaction.TransactionId;

/** The live events of the transactions of a namespace that lie in a scope. Thread-safe. */
public final class ScopedEvents implements LiveEvents {

    /** Lets no event pass, since no gid is empty. */
    private static final Filter NOTHING =
        new Filter(Optional.of(""), Optional.empty(), Optional.empty());

    private final LiveEvents all;
    private final String namespace;
    private final Scope scope;

    private ScopedEvents(LiveEvents all, String namespace, Scope scope) {
        this.all = all;
        this.namespace = namespace;
        this.scope = scope;
    }

    /** What {@code caller} may hear of {@code all}. */
    public static LiveEvents of(LiveEvents all, Caller caller) {
        return new ScopedEvents(all, caller.namespace(), caller.scope());
    }

    @Override
    public CompletionStage<Optional<Reader>> open(String after, Filter filter) {
        boolean isOutside = filter.gid().filter(gid ->
                !scope.covers(gid) || NamespacedCoordinator.isForeign(gid)).isPresent()
            || filter.mode().filter(mode -> !scope.covers(mode)).isPresent();
        Filter own = new Filter(
            filter.gid().map(gid -> Qualified.id(namespace, gid)), filter.mode(),
            filter.status());
        return all.open(after, isOutside ? NOTHING : own).thenApplyAsync(
            opened -> opened.map(Scoped::new), Runnable::run);
    }

    /** A page of which nothing is left is not told of: that would say that something happened. */
    private final class Scoped implements Reader {

        private final Reader reader;

        Scoped(Reader reader) {
            this.reader = reader;
        }

        @Override
        public CompletionStage<Optional<Page>> next() {
            return reader.next().thenComposeAsync(found -> {
                Optional<Page> own = found.map(page -> new Page(page.missed(),
                    page.told().stream().filter(told -> covers(told.notice().subject())).toList(),
                    page.position(), page.dropped()));
                boolean isOthers = own.filter(page -> page.told().isEmpty() && !page.missed()
                    && !page.dropped()).isPresent() && !found.get().told().isEmpty();
                return isOthers ? next() : CompletableFuture.completedFuture(own);
            }, Runnable::run);
        }

        @Override
        public void close() {
            reader.close();
        }

        private boolean covers(Notice.Subject about) {
            return TransactionId.namespaceOf(about.gid()).equals(namespace)
                && scope.covers(about.ownGid()) && scope.covers(about.mode());
        }
    }
}

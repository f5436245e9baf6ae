package security;

import java.util.Optional;
import java.util.concurrent.CompletionStage;
import transaction.LiveEvents;
import transaction.Notice;

/** The live events of the transactions that lie in a scope. Thread-safe. */
public final class ScopedEvents implements LiveEvents {

    private final LiveEvents all;
    private final Scope scope;

    private ScopedEvents(LiveEvents all, Scope scope) {
        this.all = all;
        this.scope = scope;
    }

    /** What {@code caller} may hear of {@code all}. */
    public static LiveEvents of(LiveEvents all, Caller caller) {
        return caller.scope().isAll() ? all : new ScopedEvents(all, caller.scope());
    }

    @Override
    public CompletionStage<Optional<Reader>> open(String after, Filter filter) {
        return all.open(after, filter).thenApplyAsync(
            opened -> opened.map(Scoped::new), Runnable::run);
    }

    /** A page of which nothing is left is a sign of life. */
    private final class Scoped implements Reader {

        private final Reader reader;

        Scoped(Reader reader) {
            this.reader = reader;
        }

        @Override
        public CompletionStage<Optional<Page>> next() {
            return reader.next().thenApplyAsync(found -> found.map(page -> new Page(page.missed(),
                page.told().stream().filter(told -> covers(told.notice().subject())).toList(),
                page.position(), page.dropped())), Runnable::run);
        }

        @Override
        public void close() {
            reader.close();
        }

        private boolean covers(Notice.Subject about) {
            return scope.covers(about.gid()) && scope.covers(about.mode());
        }
    }
}

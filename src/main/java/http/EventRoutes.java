package http;

import static http.Route.get;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import security.Permission;
import security.SharedEvents;
import transaction.LiveEvents;
import transaction.Mode;
import transaction.Status;
import transaction.Submission;

/** What happens to transactions, live, as server-sent events. */
final class EventRoutes {

    private static final String PATH = "/api/events";

    /** Sent at once, so that a client knows that it is heard; it comes back after a second. */
    private static final byte[] OPENING = "retry: 1000\n\n".getBytes(StandardCharsets.UTF_8);

    private final SharedEvents events;
    private final Executor renderer;

    EventRoutes(LiveEvents events, Executor renderer) {
        this.events = new SharedEvents(events);
        this.renderer = renderer;
    }

    List<Route> routes() {
        return List.of(get(PATH, Permission.READ, this::open));
    }

    private CompletionStage<HttpAnswer> open(Route.Call call) {
        // The header comes from a client that has lost its connection: it knows better.
        String last = call.headers().apply("Last-Event-ID");
        String after = last.isEmpty() ? call.query().text("after") : last;
        return Continuations.then(events.of(call.caller())
            .open(after, filter(call.query())), opened -> opened
            .map(reader -> HttpAnswer.events(OPENING, new Stream(reader,
                WireEvents.readableBy(call.caller()), renderer)))
            .orElseGet(() -> HttpAnswer.clientError(
                429, "too many readers of events here, or of this caller")));
    }

    private static LiveEvents.Filter filter(QueryString query) {
        String gid = WireTransaction.stripped(query.text("gid"));
        if (!gid.isEmpty()) {
            Submission.checkGid(gid);
        }
        return new LiveEvents.Filter(
            Optional.of(gid).filter(text -> !text.isEmpty()),
            ApiRoutes.said(query.text("mode"), "mode", Mode::of),
            ApiRoutes.said(query.text("status"), "status", Status::of));
    }

    /** A reader's pages as bytes. */
    private record Stream(LiveEvents.Reader reader, WireEvents wire, Executor renderer)
            implements HttpAnswer.Chunks {

        @Override
        public CompletionStage<Optional<byte[]>> next() {
            return reader.next().thenApplyAsync(page -> page.map(wire::page), renderer);
        }

        @Override
        public void close() {
            reader.close();
        }
    }
}

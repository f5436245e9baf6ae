package actors.feed;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.Behavior;
import org.apache.pekko.actor.typed.PostStop;
import org.apache.pekko.actor.typed.javadsl.ActorContext;
import org.apache.pekko.actor.typed.javadsl.Behaviors;
import org.apache.pekko.actor.typed.javadsl.TimerScheduler;
import org.apache.pekko.actor.typed.receptionist.Receptionist;
import transaction.LiveEvents;

/**
 * One reader: pulls from the desk of each node whatever comes after its position there, at most one
 * batch ahead of what has been read. Whoever reads more slowly than things happen falls behind what
 * the nodes keep; it is told so and ended.
 */
final class FeedReader {

    /** How long to wait, before the first page, for nodes to say where they stand. */
    private static final Duration GREETED_WITHIN = Duration.ofSeconds(1);

    private static final Duration LOOK = Duration.ofSeconds(2);

    /** A pull that was not answered for this long was lost on the way, and is made again. */
    private static final Duration LOST = FeedSource.HELD.multipliedBy(3);

    /** A reader that does not ask for this long is not there any more. */
    private static final Duration ABANDONED = Duration.ofMinutes(5);

    /** How a reader is spoken to. */
    sealed interface Message
        permits FeedMessage.Here, FeedMessage.Batch, Desks, Next, Signal {}

    private record Desks(Set<ActorRef<FeedSource.Message>> all) implements Message {}

    private record Next(CompletableFuture<Optional<LiveEvents.Page>> page) implements Message {}

    private enum Signal implements Message {
        BEGIN,
        BEAT,
        LOOK,
        CLOSE
    }

    /** What is read at one desk. */
    private static final class Source {
        private final boolean early;
        private String name;
        private FeedMessage.Batch batch;
        private boolean started;
        private long askedAt = System.nanoTime();

        /** @param early whether it was there when the reader began */
        Source(boolean early) {
            this.early = early;
        }
    }

    private final ActorContext<Message> context;
    private final TimerScheduler<Message> timers;
    private final FeedSource.Open asked;
    private final Duration heartBeat;
    private final boolean resumes;
    private final Handle handle;
    private final Map<ActorRef<FeedSource.Message>, Source> sources = new HashMap<>();
    private FeedPosition position = FeedPosition.BEGINNING;
    private CompletableFuture<Optional<LiveEvents.Page>> wanted;
    private long lastWanted = System.nanoTime();
    private boolean listed;
    private boolean begun;
    private boolean missed;
    private boolean dropped;

    private FeedReader(ActorContext<Message> context, TimerScheduler<Message> timers,
            FeedSource.Open asked, Duration heartBeat) {
        this.context = context;
        this.timers = timers;
        this.asked = asked;
        this.heartBeat = heartBeat;
        this.resumes = asked.position() != null;
        this.handle = new Handle(context.getSelf());
    }

    /** @param own the desk of this node, which is read in any case */
    static Behavior<Message> create(
            FeedSource.Open asked, ActorRef<FeedSource.Message> own, Duration heartBeat) {
        return Behaviors.setup(context -> Behaviors.withTimers(timers ->
            new FeedReader(context, timers, asked, heartBeat).start(own)));
    }

    private Behavior<Message> start(ActorRef<FeedSource.Message> own) {
        greet(own);
        ActorRef<Receptionist.Listing> listings = context.messageAdapter(
            Receptionist.Listing.class, found -> {
                Set<ActorRef<FeedSource.Message>> all =
                    new HashSet<>(found.getServiceInstances(FeedSource.KEY));
                all.add(own);
                return new Desks(all);
            });
        context.getSystem().receptionist().tell(Receptionist.subscribe(FeedSource.KEY, listings));
        timers.startSingleTimer(Signal.BEGIN, GREETED_WITHIN);
        timers.startTimerWithFixedDelay(Signal.LOOK, LOOK);
        return Behaviors.receive(Message.class)
            .onMessage(FeedMessage.Here.class, this::onHere)
            .onMessage(FeedMessage.Batch.class, this::onBatch)
            .onMessage(Desks.class, this::onDesks)
            .onMessage(Next.class, this::onNext)
            .onMessageEquals(Signal.BEGIN, this::begin)
            .onMessageEquals(Signal.BEAT, this::onBeat)
            .onMessageEquals(Signal.LOOK, this::onLook)
            .onMessageEquals(Signal.CLOSE, Behaviors::stopped)
            .onSignal(PostStop.class, ended -> {
                asked.opened().complete(Optional.empty());
                handle.end();
                return Behaviors.same();
            })
            .build();
    }

    private void greet(ActorRef<FeedSource.Message> desk) {
        sources.put(desk, new Source(!begun));
        desk.tell(new FeedMessage.Hello(context.getSelf()));
    }

    /** What a node that has gone did last may not have come here. */
    private Behavior<Message> onDesks(Desks desks) {
        listed = true;
        for (ActorRef<FeedSource.Message> desk : Set.copyOf(sources.keySet())) {
            if (!desks.all.contains(desk)) {
                Source gone = sources.remove(desk);
                missed = true;
                if (gone.name != null) {
                    position = position.without(gone.name);
                }
            }
        }
        desks.all.stream().filter(desk -> !sources.containsKey(desk)).forEach(this::greet);
        return beginIfGreeted();
    }

    private Behavior<Message> onHere(FeedMessage.Here here) {
        Source source = sources.get(here.desk());
        if (source == null || here.origin().name().equals(source.name)) {
            return Behaviors.same();
        }
        boolean anew = source.name != null;
        if (anew) {
            position = position.without(source.name);
        }
        source.name = here.origin().name();
        source.batch = null;
        source.started = false;
        long from = anew ? 0 : from(source, here.origin());
        long kept = Math.max(from, here.origin().first() - 1);
        missed |= kept > from;
        position = position.at(source.name, kept);
        pull(here.desk(), source);
        return beginIfGreeted();
    }

    /** After which number an origin is read that this reader has not met yet. */
    private long from(Source source, EventFeed.Origin origin) {
        if (resumes) {
            // Not in its position: it came up since, and all it did is news.
            return Math.min(origin.last(),
                asked.position().numbers().getOrDefault(origin.name(), 0L));
        }
        if (!source.early) {
            return 0;
        }
        missed |= begun; // It was slow to answer.
        return origin.last();
    }

    private Behavior<Message> beginIfGreeted() {
        boolean greeted = listed
            && sources.values().stream().allMatch(source -> source.name != null);
        return greeted && !begun ? begin() : progress();
    }

    private Behavior<Message> begin() {
        if (begun) {
            return Behaviors.same();
        }
        begun = true;
        if (resumes) {
            // An origin that nobody is any more took what it had not told with it.
            missed |= !position.numbers().keySet().containsAll(
                asked.position().numbers().keySet());
        }
        asked.opened().complete(Optional.of(handle));
        return progress();
    }

    private Behavior<Message> onBatch(FeedMessage.Batch batch) {
        for (Source source : sources.values()) {
            boolean expected = batch.origin().equals(source.name) && source.batch == null
                && batch.after() == position.numbers().get(source.name);
            if (expected) {
                source.batch = batch;
                dropped |= batch.missed() && source.started;
                missed |= batch.missed() && !source.started;
                source.started = true;
            }
        }
        return progress();
    }

    private Behavior<Message> onNext(Next next) {
        lastWanted = System.nanoTime();
        wanted = next.page;
        timers.startSingleTimer(Signal.BEAT, heartBeat);
        return progress();
    }

    private Behavior<Message> onBeat() {
        if (wanted != null) {
            give(Optional.of(new LiveEvents.Page(false, List.of(), position.text(), false)));
        }
        return Behaviors.same();
    }

    private Behavior<Message> onLook() {
        long now = System.nanoTime();
        if (begun && wanted == null && now - lastWanted > ABANDONED.toNanos()) {
            return Behaviors.stopped();
        }
        sources.forEach((desk, source) -> {
            if (source.batch == null && now - source.askedAt > LOST.toNanos()) {
                source.askedAt = now;
                if (source.name == null) {
                    desk.tell(new FeedMessage.Hello(context.getSelf()));
                } else {
                    pull(desk, source);
                }
            }
        });
        return Behaviors.same();
    }

    /** Hands over what has come, if somebody waits for it, and asks for more. */
    private Behavior<Message> progress() {
        if (wanted == null) {
            takeEmpty();
            return Behaviors.same();
        }
        List<LiveEvents.Told> told = new ArrayList<>();
        sources.forEach((desk, source) -> {
            if (source.batch != null) {
                take(source, told);
                pull(desk, source);
            }
        });
        if (told.isEmpty() && !missed && !dropped) {
            return Behaviors.same();
        }
        give(Optional.of(
            new LiveEvents.Page(missed && !dropped, told, position.text(), dropped)));
        missed = false;
        return dropped ? Behaviors.stopped() : Behaviors.same();
    }

    private void take(Source source, List<LiveEvents.Told> told) {
        for (EventFeed.Numbered each : source.batch.found()) {
            position = position.at(source.name, each.number());
            told.add(new LiveEvents.Told(position.text(), each.notice()));
        }
        position = position.at(source.name, source.batch.upTo());
        source.batch = null;
    }

    /** A batch with nothing in it only moves the position, whether somebody waits or not. */
    private void takeEmpty() {
        sources.forEach((desk, source) -> {
            if (source.batch != null && source.batch.found().isEmpty() && !dropped) {
                take(source, List.of());
                pull(desk, source);
            }
        });
    }

    private void pull(ActorRef<FeedSource.Message> desk, Source source) {
        source.askedAt = System.nanoTime();
        desk.tell(new FeedMessage.Pull(source.name,
            position.numbers().get(source.name), asked.filter(), context.getSelf()));
    }

    private void give(Optional<LiveEvents.Page> page) {
        if (wanted != null) {
            CompletableFuture<Optional<LiveEvents.Page>> given = wanted;
            wanted = null;
            timers.cancel(Signal.BEAT);
            given.complete(page);
        }
    }

    /** What is handed out of a reader. Every page that was asked for comes, if only empty. */
    private static final class Handle implements LiveEvents.Reader {

        private final ActorRef<Message> reader;
        private volatile CompletableFuture<Optional<LiveEvents.Page>> last;
        private volatile boolean ended;

        Handle(ActorRef<Message> reader) {
            this.reader = reader;
        }

        @Override
        public CompletionStage<Optional<LiveEvents.Page>> next() {
            var page = new CompletableFuture<Optional<LiveEvents.Page>>();
            last = page;
            if (ended) {
                page.complete(Optional.empty());
            } else {
                reader.tell(new Next(page));
            }
            return page;
        }

        @Override
        public void close() {
            reader.tell(Signal.CLOSE);
        }

        void end() {
            ended = true;
            if (last != null) {
                last.complete(Optional.empty());
            }
        }
    }
}

package actors;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.cluster.sharding.ShardRegion;
import org.apache.pekko.cluster.sharding.typed.HashCodeMessageExtractor;
import org.apache.pekko.cluster.sharding.typed.ShardingEnvelope;
import org.apache.pekko.cluster.sharding.typed.javadsl.ClusterSharding;
import org.apache.pekko.cluster.sharding.typed.javadsl.Entity;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityContext;
import org.apache.pekko.cluster.sharding.typed.javadsl.EntityTypeKey;
import org.apache.pekko.pattern.Patterns;
import transaction.Busy;
import transaction.Attempts;
import transaction.CallKey;
import transaction.CallTokens;
import transaction.Command;
import transaction.Completion;
import transaction.Coordinator;
import transaction.InvalidRequest;
import transaction.Limits;
import transaction.Reply;
import transaction.Submission;
import transaction.Topics;
import transaction.TransactionId;
import transaction.TransactionIndex;

/**
 * The coordinator over sharded {@link TransactionActor}s: makes gids, resolves topics, limits how
 * much is asked at once, and carries commands to their transaction on whichever node it lives.
 */
public final class ShardedCoordinator implements Coordinator {

    /** Fixed for ever: another name would be another set of transactions. */
    public static final EntityTypeKey<TransactionActor.Message> KEY =
        EntityTypeKey.create(TransactionActor.Message.class, "transaction");

    /** Transactions that are brought forward side by side. */
    private static final int HURRIED_AT_ONCE = 64;

    private final TransactionContext around;
    private final Topics topics;
    private final Bounds bounds;
    private final GidGenerator gids;
    private final Peers peers;
    private final LocalShards local;
    private final Answers answers;
    private final AtomicBoolean hurrying = new AtomicBoolean();
    private final AtomicReference<String> notReady = new AtomicReference<>("starting");
    private final AtomicReference<String> shut = new AtomicReference<>();
    private final List<Supplier<Optional<String>>> troubles = new CopyOnWriteArrayList<>();
    private final ActorRef<ShardingEnvelope<TransactionActor.Message>> region;
    private final ActorRef<TransactionActor.Answer> ear;

    /**
     * @param shards number of shards; the same for ever and on each node
     * @param admission decides which requests are taken
     * @param answerWithin how long a command may take to become durable
     * @param waitWithin how long a client may wait for the end of a pass
     * @param residents what may be in memory
     * @param quotas what each namespace may begin
     */
    public record Bounds(int shards, Admission admission, Duration answerWithin,
            Duration waitWithin, MemoryBudget residents, Quotas quotas) {

        /** With no bound of what is in memory, or in a namespace. */
        public Bounds(
                int shards, Admission admission, Duration answerWithin, Duration waitWithin) {
            this(shards, admission, answerWithin, waitWithin, MemoryBudget.unlimited(),
                Quotas.none());
        }
    }

    private ShardedCoordinator(ActorSystem<?> system, Background background,
            TransactionContext around, Topics topics, Bounds bounds) {
        this.around = around;
        this.topics = topics;
        this.bounds = bounds;
        this.gids = new GidGenerator(around.clock());
        this.peers = new Peers(system);
        this.answers = new Answers(new ClusterChanges(peers::view));
        var extractor = new HashCodeMessageExtractor<TransactionActor.Message>(bounds.shards());
        this.local = new LocalShards(extractor::shardId, bounds.shards(), peers::any);
        this.ear = background.spawnResuming("answers", answers.behavior());
        this.region = ClusterSharding.get(system).init(
            Entity.of(KEY, entity -> background.guarded(Arrival.create(
                    entity.getEntityId(), around, bounds.residents(), passivation(entity))))
                .withStopMessage(TransactionActor.STOP)
                .withMessageExtractor(extractor));
        background.spawnResuming("local-shards", local.follow(region));
    }

    private Passivation passivation(EntityContext<TransactionActor.Message> entity) {
        return new Passivation() {
            @Override
            public void begin(ActorRef<TransactionActor.Message> self) {
                entity.getShard().tell(new ClusterSharding.Passivate<>(self));
            }

            @Override
            public void redeliver(TransactionActor.Message message) {
                region.tell(new ShardingEnvelope<>(entity.getEntityId(), message));
            }
        };
    }

    /** Joins this system's sharding; starts nothing else. */
    public static ShardedCoordinator create(ActorSystem<?> system, Background background,
            TransactionContext around, Topics topics, Bounds bounds) {
        return new ShardedCoordinator(system, background, around, topics, bounds);
    }

    @Override
    public String newGid() {
        return local.newGid(gids);
    }

    @Override
    public CompletionStage<Reply> send(String gid, Command command) {
        try {
            command.check(gid);
        } catch (InvalidRequest wrong) {
            return CompletableFuture.completedFuture(new Reply.Invalid(wrong.getMessage()));
        }
        Reply refusal = bounds.admission().enter(gid, command);
        if (refusal != null) {
            return CompletableFuture.completedFuture(refusal);
        }
        CompletionStage<Reply> reply = bounds.quotas().enter(gid, command).thenCompose(verdict ->
            verdict.refusal() != null ? CompletableFuture.completedFuture(verdict.refusal())
                : timed(gid, command).whenComplete((done, thrown) -> verdict.leave().run()));
        reply.whenComplete((done, thrown) -> bounds.admission().leave(gid, command));
        return reply;
    }

    /** What its namespace had to wait for says nothing of how busy this node is. */
    private CompletionStage<Reply> timed(String gid, Command command) {
        long begun = System.nanoTime();
        CompletionStage<Reply> reply = admitted(gid, command);
        return Admission.mayWait(command) ? reply : reply.whenComplete(
            (done, thrown) -> bounds.admission().answered(System.nanoTime() - begun));
    }

    @Override
    public CompletionStage<Reply> complete(
            String gid, CallKey operation, boolean succeeded, String reason, String token) {
        String id = CallTokens.idOf(token, gid);
        return around.tokens().openedAt(token, id, operation)
            .map(openedAt -> send(
                id, new Completion(id, operation, succeeded, reason, openedAt)))
            .orElseGet(() -> CompletableFuture.completedFuture(
                new Reply.Forbidden("the token belongs to another call")));
    }

    private CompletionStage<Reply> admitted(String gid, Command command) {
        Optional<Submission> asked = submissionOf(command).filter(Submission::namesTopics);
        if (asked.isEmpty()) {
            return put(gid, command);
        }
        Topics own = topics.in(TransactionId.namespaceOf(gid));
        return resolve(asked.get(), own).handle((resolved, thrown) -> thrown == null
                ? putLarger(gid, command, withSubmission(command, resolved))
                : CompletableFuture.completedFuture(told(thrown)))
            .thenCompose(reply -> reply);
    }

    private CompletableFuture<Reply> putLarger(String gid, Command asked, Command resolved) {
        long more = Admission.bytesOf(resolved) - Admission.bytesOf(asked);
        Reply refusal = bounds.admission().grow(more);
        return refusal != null ? CompletableFuture.completedFuture(refusal)
            : put(gid, resolved).whenComplete(
                (reply, thrown) -> bounds.admission().shrink(more));
    }

    /** Resumes a transaction on behalf of the waker; not limited, since the waker limits itself. */
    public CompletionStage<Reply> wake(String gid) {
        return put(gid, new Command.Resume());
    }

    /** One at a time, and of those it finds some at a time: each may have to be read back. */
    @Override
    public CompletionStage<Hurried> hurryAll(String namespace, Duration horizon, int limit) {
        if (!hurrying.compareAndSet(false, true)) {
            throw new Busy("another request is bringing transactions forward");
        }
        Instant from = around.clock().instant().plus(horizon);
        return around.index().dueAfter(namespace, from, limit + 1)
            .thenCompose(found -> hurry(found.stream().limit(limit).toList(), 0)
                .thenApply(count -> new Hurried(count, found.size() > limit)))
            .whenComplete((done, thrown) -> hurrying.set(false));
    }

    private CompletionStage<Integer> hurry(List<TransactionIndex.Due> all, int before) {
        List<CompletableFuture<Reply>> asked = all.stream().limit(HURRIED_AT_ONCE)
            .map(due -> put(due.gid(), new Command.RetryNow(due.gid()))).toList();
        if (asked.isEmpty()) {
            return CompletableFuture.completedFuture(before);
        }
        return CompletableFuture.allOf(asked.toArray(CompletableFuture[]::new))
            .thenCompose(done -> hurry(all.subList(asked.size(), all.size()), before + (int) asked
                .stream().filter(each -> each.join() instanceof Reply.Done).count()));
    }

    /** The nodes of this cluster. */
    Peers peers() {
        return peers;
    }

    @Override
    public TransactionIndex index() {
        return around.index();
    }

    @Override
    public Attempts attempts() {
        return around.attempts();
    }

    @Override
    public Topics topics() {
        return topics;
    }

    @Override
    public Optional<String> notReadyBecause() {
        String reason = shut.get();
        if (reason != null) {
            return Optional.of(reason);
        }
        for (Supplier<Optional<String>> each : troubles) {
            Optional<String> trouble = each.get();
            if (trouble.isPresent()) {
                return trouble;
            }
        }
        return Optional.ofNullable(notReady.get());
    }

    @Override
    public Optional<Reply> refusal() {
        return Optional.ofNullable(bounds.admission().refusal());
    }

    /** Stops this node's transactions where they are. Completes when they have stopped. */
    public CompletionStage<Boolean> stop(Duration within) {
        return Patterns.gracefulStop(
            Adapter.toClassic(region), within, ShardRegion.gracefulShutdownInstance());
    }

    /** From now on ready if {@code reason} is null, else not, for that reason. */
    public void ready(String reason) {
        notReady.set(reason);
    }

    /** Not ready while {@code trouble} says why. It is asked often, and must not block. */
    public void heed(Supplier<Optional<String>> trouble) {
        troubles.add(trouble);
    }

    /** Not ready for that reason, whatever else is said, until it is null. */
    public void shut(String reason) {
        shut.set(reason);
    }

    private CompletableFuture<Reply> put(String gid, Command command) {
        Duration within = Admission.mayWait(command) ? bounds.waitWithin() : bounds.answerWithin();
        return answers.expect(within, new Answers.Way() {
            @Override
            public void request(long ticket) {
                tell(gid, command, ticket);
            }

            @Override
            public boolean repeat(long ticket) {
                boolean isSubmit = command instanceof Command.Submit;
                tell(gid, isSubmit ? new Command.Submit(submissionOf(command).get(), true)
                    : command, ticket);
                return isSubmit;
            }

            @Override
            public void locate(long ticket) {
                tell(gid, new TransactionActor.Locate(ticket, ear));
            }
        });
    }

    private void tell(String gid, Command command, long ticket) {
        if (!local.holds(gid) && MessageChunks.isLarge(command)) {
            MessageChunks.cut(MessageChunks.bytesOf(command), ticket, ear)
                .forEach(piece -> tell(gid, piece));
        } else {
            tell(gid, new TransactionActor.Request(command, ticket, ear));
        }
    }

    private void tell(String gid, TransactionActor.Message message) {
        region.tell(new ShardingEnvelope<>(gid, message));
    }

    @Override
    public CompletionStage<Submission> planned(Submission asked) {
        return resolve(asked, topics.in(asked.context().namespace()));
    }

    private CompletableFuture<Submission> resolve(Submission asked, Topics own) {
        Map<String, List<String>> found = new HashMap<>();
        AtomicInteger urls = new AtomicInteger();
        CompletableFuture<Void> all = CompletableFuture.completedFuture(null);
        for (String topic : asked.steps().stream().filter(Submission.Step::isTopic)
                .map(Submission.Step::topic).distinct().toList()) {
            all = all.thenCompose(before -> own.find(topic))
                .thenAccept(each -> {
                    List<String> subscribers = each.map(Topics.Topic::urls).orElse(List.of());
                    // Before all are in memory that will be refused anyway.
                    InvalidRequest.require(urls.addAndGet(subscribers.size()) <= Limits.OPS,
                        "more than " + Limits.OPS + " deliveries");
                    found.put(topic, subscribers);
                });
        }
        return all.thenApply(done -> asked.withTopics(found::get).checked());
    }

    private static Reply told(Throwable thrown) {
        Throwable cause = thrown.getCause() == null ? thrown : thrown.getCause();
        return cause instanceof InvalidRequest invalid ? new Reply.Invalid(invalid.getMessage())
            : new Reply.Unclear("the topics cannot be read: nothing was written; try again");
    }

    private static Optional<Submission> submissionOf(Command command) {
        if (command instanceof Command.Submit submit) {
            return Optional.of(submit.submission());
        }
        return command instanceof Command.Prepare prepare
            ? Optional.of(prepare.submission()) : Optional.empty();
    }

    private static Command withSubmission(Command command, Submission resolved) {
        return command instanceof Command.Submit
            ? new Command.Submit(resolved) : new Command.Prepare(resolved);
    }
}

package actors;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import meter.Meter;
import transaction.Command;
import transaction.Reply;
import transaction.Submission;
import transaction.TransactionId;

/**
 * Keeps a namespace from taking all the room: refuses new transactions of one that has as many as
 * its {@link Quota} says. What is on record is never refused: a transaction that has begun can go
 * on. Thread-safe; no method blocks.
 */
public final class Quotas {

    /** Namespaces that are counted: of more, none has a quota of its own by a name. */
    private static final int NAMESPACES_MAX = 10_000;

    /** What the unfinished of a namespace are. @param bytes of their histories */
    public record Usage(long open, long bytes) {}

    /**
     * What is on record.
     *
     * @param usage of a namespace
     * @param isKnown whether there is a transaction of that id
     */
    public record Sources(Function<String, CompletionStage<Usage>> usage,
            Function<String, CompletionStage<Boolean>> isKnown) {}

    private final Supplier<List<Quota>> quotas;
    private final Sources sources;
    private final Meter meter;
    private final LongSupplier nanos;
    private final ConcurrentHashMap<String, NamespaceLoad> loads = new ConcurrentHashMap<>();

    /** Nobody has one. */
    public static Quotas none() {
        return new Quotas(List::of, new Sources(
            namespace -> CompletableFuture.completedFuture(new Usage(0, 0)),
            id -> CompletableFuture.completedFuture(false)), Meter.create(), System::nanoTime);
    }

    /**
     * @param quotas asked each time
     * @param nanos as {@link System#nanoTime}
     */
    public Quotas(
            Supplier<List<Quota>> quotas, Sources sources, Meter meter, LongSupplier nanos) {
        this.quotas = quotas;
        this.sources = sources;
        this.meter = meter;
        this.nanos = nanos;
    }

    /** What is to be told once its start is over, whatever came of it. */
    interface Leave extends Runnable {

        Leave NOTHING = () -> { };
    }

    /** @param refusal null if it may begin, and then {@code leave} is due */
    record Verdict(Reply refusal, Leave leave) {}

    private static final CompletionStage<Verdict> FREE =
        CompletableFuture.completedFuture(new Verdict(null, Leave.NOTHING));

    /** Whether the transaction may begin, if that is what {@code command} may bring about. */
    CompletionStage<Verdict> enter(String id, Command command) {
        List<Quota> all = quotas.get();
        if (all.isEmpty() || !mayBegin(command)) {
            return FREE;
        }
        String namespace = TransactionId.namespaceOf(id);
        Quota quota = quotaOf(all, namespace);
        if (quota == null) {
            return FREE;
        }
        NamespaceLoad load = loads.get(namespace);
        if (load == null) {
            load = loads.size() < NAMESPACES_MAX ? loads.computeIfAbsent(namespace, this::counted)
                : loads.computeIfAbsent(Quota.OTHERS, this::counted);
        }
        NamespaceLoad found = load;
        return found.enter(quota, id, Admission.bytesOf(command)).thenCompose(why ->
            why.isEmpty() ? CompletableFuture.completedFuture(
                new Verdict(null, () -> found.left(id)))
            : sources.isKnown.apply(id).toCompletableFuture().copy()
                .orTimeout(1, TimeUnit.SECONDS).handle((isKnown, thrown) ->
                thrown == null && isKnown ? new Verdict(null, Leave.NOTHING)
                    : refused(found, namespace, why)));
    }

    private Verdict refused(NamespaceLoad load, String namespace, String why) {
        load.refused();
        meter.requestRefused("namespace");
        return new Verdict(new Reply.Overloaded("the namespace " + namespace + " has " + why
            + "; nothing was done, try again soon"), Leave.NOTHING);
    }

    private NamespaceLoad counted(String namespace) {
        NamespaceLoad load = new NamespaceLoad(() -> sources.usage.apply(namespace), nanos);
        load.show(meter, namespace);
        return load;
    }

    private static Quota quotaOf(List<Quota> all, String namespace) {
        Quota others = null;
        for (Quota each : all) {
            if (each.namespace().equals(namespace)) {
                return each;
            }
            others = each.namespace().equals(Quota.OTHERS) ? each : others;
        }
        return others;
    }

    private static boolean mayBegin(Command command) {
        Submission asked = command.submission();
        return asked != null
            && !(command instanceof Command.Submit submit && submit.isRepeat());
    }
}

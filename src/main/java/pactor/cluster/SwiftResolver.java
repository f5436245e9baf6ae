package pactor.cluster;

import com.typesafe.config.Config;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.apache.pekko.actor.AbstractActorWithTimers;
import org.apache.pekko.actor.ActorRef;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.actor.Props;
import org.apache.pekko.actor.Terminated;
import org.apache.pekko.cluster.Cluster;
import org.apache.pekko.cluster.DowningProvider;
import org.apache.pekko.cluster.MemberStatus;
import org.apache.pekko.cluster.sbr.SplitBrainResolver;
import org.apache.pekko.cluster.sbr.SplitBrainResolverProvider;
import scala.Option;
import scala.concurrent.duration.FiniteDuration;

/**
 * Pekko's split brain resolver, with shorter waits. It looks five times a second whether it may
 * decide, where Pekko's looks once. And since {@link DatabaseLease} does not answer before the
 * lost nodes have lost their right to act, the margin between a removal and the take-over is not
 * the whole fence: it is one renewal, in which a node that Pekko downs beyond these sees its row.
 * As Pekko makes it, for the class named in {@code application.conf}.
 */
public final class SwiftResolver extends DowningProvider {

    /** Short beside {@code pactor.cluster.stable-after}, and nothing to do most of the time. */
    private static final Duration LOOK = Duration.ofMillis(200);

    private static final String RESOLVER = "pekko.cluster.split-brain-resolver.";

    private final SplitBrainResolverProvider pekkos;
    private final Config config;

    /** As Pekko calls it. */
    public SwiftResolver(ActorSystem system) {
        this.pekkos = new SplitBrainResolverProvider(system);
        this.config = system.settings().config();
    }

    @Override
    public FiniteDuration downRemovalMargin() {
        FiniteDuration whole = pekkos.downRemovalMargin();
        long renewal = whole.toNanos() / Membership.RENEWALS;
        return isArbitrated() ? FiniteDuration.apply(renewal, TimeUnit.NANOSECONDS) : whole;
    }

    /** Whether each decision waits for {@link DatabaseLease}. */
    private boolean isArbitrated() {
        String kind = config.getString(RESOLVER + "lease-majority.lease-implementation")
            + ".lease-class";
        return config.getString(RESOLVER + "active-strategy").equals("lease-majority")
            && config.hasPath(kind)
            && config.getString(kind).equals(DatabaseLease.class.getName());
    }

    @Override
    public Option<Props> downingActorProps() {
        Props resolver = pekkos.downingActorProps().get();
        return Option.apply(Props.create(Clock.class, () -> new Clock(resolver)));
    }

    /** Ends with its resolver. */
    private static final class Clock extends AbstractActorWithTimers {

        private enum Tick { LOOK }

        private final Props resolver;
        private ActorRef ticked;

        Clock(Props resolver) {
            this.resolver = resolver;
        }

        @Override
        public void preStart() {
            ticked = getContext().watch(getContext().actorOf(
                resolver.withDispatcher(getContext().props().dispatcher()), "resolver"));
            getTimers().startTimerWithFixedDelay(Tick.LOOK, Tick.LOOK, LOOK);
        }

        @Override
        public Receive createReceive() {
            return receiveBuilder()
                .match(Tick.class, tick -> look())
                .match(Terminated.class, gone -> getContext().stop(getSelf()))
                .build();
        }

        /** While nothing is to be decided it would only repeat itself in the log. */
        private void look() {
            boolean isOpen = Cluster.get(getContext().getSystem()).state().getUnreachable()
                .stream().anyMatch(member -> !member.status().equals(MemberStatus.down()));
            if (isOpen) {
                ticked.tell(SplitBrainResolver.Tick$.MODULE$, getSelf());
            }
        }
    }
}

package pactor;

import java.time.Duration;
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
 * Pekko's split brain resolver, which looks once a second whether it may decide, told to look more
 * often: a second is a large part of a fail-over. As Pekko makes it, for the class named in {@code
 * application.conf}.
 */
public final class SwiftResolver extends DowningProvider {

    /** Short beside {@code pactor.cluster.stable-after}, and nothing to do most of the time. */
    private static final Duration LOOK = Duration.ofMillis(200);

    private final SplitBrainResolverProvider pekkos;

    /** As Pekko calls it. */
    public SwiftResolver(ActorSystem system) {
        this.pekkos = new SplitBrainResolverProvider(system);
    }

    @Override
    public FiniteDuration downRemovalMargin() {
        return pekkos.downRemovalMargin();
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

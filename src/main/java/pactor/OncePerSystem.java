package pactor;

import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.actor.typed.ActorSystem;
import org.apache.pekko.actor.typed.Extension;
import org.apache.pekko.actor.typed.ExtensionId;

/** Remembers that a system has its coordinator. */
final class OncePerSystem implements Extension {

    private static final Id ID = new Id();

    private final AtomicBoolean claimed = new AtomicBoolean();
    private final AtomicReference<Pactor> pactor = new AtomicReference<>();

    private OncePerSystem() {}

    static OncePerSystem of(ActorSystem<?> system) {
        return ID.apply(system);
    }

    /** Whether this is the first, or all before were released. */
    boolean claim() {
        return claimed.compareAndSet(false, true);
    }

    void release() {
        claimed.set(false);
    }

    void started(Pactor now) {
        pactor.set(now);
    }

    /** The coordinator, once it has been started; it may have been stopped since. */
    Optional<Pactor> pactor() {
        return Optional.ofNullable(pactor.get());
    }

    private static final class Id extends ExtensionId<OncePerSystem> {
        @Override
        public OncePerSystem createExtension(ActorSystem<?> system) {
            return new OncePerSystem();
        }
    }
}

package store;

import java.util.concurrent.atomic.AtomicReference;
import org.apache.pekko.actor.AbstractExtensionId;
import org.apache.pekko.actor.ClassicActorSystemProvider;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.Extension;

/**
 * Which database an actor system keeps its transactions in. The journal is started by Pekko, which
 * cannot hand it anything, so it looks here.
 */
public final class Stores implements Extension {

    private static final Id ID = new Id();

    private final AtomicReference<Database> database = new AtomicReference<>();

    private Stores() {}

    /** Those of {@code system}. */
    public static Stores of(ClassicActorSystemProvider system) {
        return ID.get(system);
    }

    /**
     * To be called before the first transaction is touched. Who opened the database closes it,
     * after the system has terminated.
     *
     * @throws IllegalStateException if the system has another one
     */
    public void install(Database opened) {
        if (!database.compareAndSet(null, opened) && database.get() != opened) {
            throw new IllegalStateException("this actor system has a store already");
        }
    }

    /** Takes it out again, if it is the one that is installed. */
    public void remove(Database installed) {
        database.compareAndSet(installed, null);
    }

    Database database() {
        Database installed = database.get();
        if (installed == null) {
            throw new IllegalStateException("no store was installed in this actor system");
        }
        return installed;
    }

    private static final class Id extends AbstractExtensionId<Stores> {
        @Override
        public Stores createExtension(ExtendedActorSystem system) {
            return new Stores();
        }
    }
}

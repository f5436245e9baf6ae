package pactor.cluster;

import com.typesafe.config.Config;
import java.util.function.Predicate;
import org.apache.pekko.event.EventStream;
import org.apache.pekko.remote.PhiAccrualFailureDetector;

/**
 * Tells whether another node is there: not if its process is known to be gone, else as its
 * heartbeats tell. Pekko makes one for each node that this one sends heartbeats to.
 *
 * <p>Who knows of processes is somebody of the same actor system. Until it has been told who, a
 * detector asks at each look, by publishing itself to the system's event stream.
 */
public final class ProcessFailureDetector extends PhiAccrualFailureDetector {

    private final EventStream stream;
    private volatile String address = "";
    private volatile Predicate<String> gone;

    /** As Pekko makes it, from {@code pekko.cluster.failure-detector.implementation-class}. */
    public ProcessFailureDetector(Config config, EventStream stream) {
        super(config, stream);
        this.stream = stream;
    }

    @Override
    public void setAddress(String observed) {
        super.setAddress(observed);
        address = observed;
    }

    @Override
    public boolean isAvailable() {
        Predicate<String> known = gone;
        if (known == null) {
            stream.publish(this);
        } else if (known.test(address)) {
            return false;
        }
        return super.isAvailable();
    }

    /**
     * Answers what it asked for.
     *
     * @param isGone whether the process of the node with that address is gone; must not block
     */
    void heed(Predicate<String> isGone) {
        gone = isGone;
    }
}

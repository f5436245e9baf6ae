package branch;

import egress.Destination;
import egress.EgressGuard;
import egress.EgressRules;
import egress.Refusal;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import transaction.Limits;

/**
 * Which addresses of a host are dialled: asked of the very addresses that a connection is then
 * opened to, so that nothing can change in between. Of refusals of one host the first, second,
 * fourth, eighth and so on are logged. Thread-safe.
 */
final class Dials {

    private static final Logger LOG = LoggerFactory.getLogger(Dials.class);

    private final EgressGuard guard;
    private final Consumer<String> onRefused;
    private final Map<Destination, Long> refused = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<Destination, Long> eldest) {
            return size() > Limits.HOSTS_JUDGED;
        }
    };

    /**
     * Some addresses of a host.
     *
     * @param addresses those that may be dialled, in the order in which they were found
     * @param refusal why there is none; empty if there is one
     * @param rules by which that was decided
     */
    record Allowed(List<InetAddress> addresses, String refusal, EgressRules rules) {}

    /** @param onRefused hears of each dial that was refused, by which rule */
    Dials(EgressGuard guard, Consumer<String> onRefused) {
        this.guard = guard;
        this.onRefused = onRefused;
    }

    /** What may be dialled of {@code found}, which is not empty. */
    Allowed of(Destination to, List<InetAddress> found) {
        EgressRules rules = rules();
        List<InetAddress> addresses = new ArrayList<>(found.size());
        Refusal first = null;
        for (InetAddress each : found) {
            Optional<Refusal> refusal = guard.refusal(to, each);
            if (refusal.isEmpty()) {
                addresses.add(each);
            } else if (first == null) {
                first = refusal.get();
            }
        }
        if (!addresses.isEmpty() || first == null) {
            return new Allowed(List.copyOf(addresses), "", rules);
        }
        refused(to, first);
        return new Allowed(List.of(), first.reason(), rules);
    }

    /** Those in force: what was dialled by others is not used again. */
    EgressRules rules() {
        return guard.rules();
    }

    private void refused(Destination to, Refusal refusal) {
        onRefused.accept(refusal.rule());
        long times;
        synchronized (refused) {
            times = refused.merge(to, 1L, Long::sum);
        }
        if (Long.bitCount(times) == 1) {
            LOG.warn("{} was not called, {} times so far: {}", to, times, refusal.reason());
        }
    }
}

package branch;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import transaction.BranchCall;
import transaction.Limits;
import transaction.Outcome;

/**
 * Keeps hosts that do not answer from being stormed with repeated calls, whatever protocol they are
 * called by. Counts for this node alone. Thread-safe; no method waits for more than a few additions
 * of another.
 */
final class RetryBudget {

    private static final Logger LOG = LoggerFactory.getLogger(RetryBudget.class);

    /** So long after the last call that was put off a host counts as one that is short. */
    private static final Duration SHORT_FOR = Duration.ofMinutes(1);

    private final RetrySettings settings;
    private final Map<String, HostBudget> hosts = new LinkedHashMap<>(16, 0.75f, true) {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, HostBudget> eldest) {
            return size() > Limits.HOSTS_JUDGED;
        }
    };

    RetryBudget(RetrySettings settings) {
        this.settings = settings;
    }

    /** The account of the host that {@code call} goes to. */
    HostBudget of(BranchCall call) {
        String authority = authority(call.url());
        synchronized (hosts) {
            return hosts.computeIfAbsent(
                    authority, host -> new HostBudget(host, settings, System.nanoTime()));
        }
    }

    /** Null if {@code call} may be made, else the outcome of not making it. */
    static Outcome refuse(BranchCall call, HostBudget budget) {
        long now = System.nanoTime();
        boolean wasShort = budget.hasPutOffWithin(SHORT_FOR.toNanos(), now);
        if (!call.isRepeat() || budget.take(now)) {
            return null;
        }
        if (!wasShort) {
            LOG.warn("{} does not answer: calls to it that have failed before are put off"
                    + " (pactor.calls.retry); so far {}", budget.host(), budget.putOff());
        }
        return Outcome.putOff("the retry budget of " + budget.host() + " is used up");
    }

    /** Hosts whose calls were put off within the last minute. */
    int shortOnes() {
        long now = System.nanoTime();
        synchronized (hosts) {
            return (int) hosts.values().stream()
                    .filter(each -> each.hasPutOffWithin(SHORT_FOR.toNanos(), now)).count();
        }
    }

    /**
     * Host and port as {@code url} writes them, in lower case: those of a list of hosts together,
     * the name of a service that is to be discovered.
     */
    static String authority(String url) {
        int scheme = url.indexOf("//");
        int begin = scheme < 0 ? 0 : scheme + 2;
        // Three slashes where a resolver is named, and an empty authority before the name.
        begin += begin > 0 && begin < url.length() && url.charAt(begin) == '/' ? 1 : 0;
        int end = begin;
        while (end < url.length() && "/?#".indexOf(url.charAt(end)) < 0) {
            end++;
        }
        String authority = url.substring(begin, end);
        return authority.substring(authority.lastIndexOf('@') + 1).toLowerCase(Locale.ROOT);
    }
}

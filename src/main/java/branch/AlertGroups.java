package branch;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import transaction.Alert;
import transaction.Alerts;
import transaction.Limits;

/**
 * Puts alerts about the same participant together: the first is passed on at once, and what follows
 * within the interval as one when it is over. So who is told hears of each participant at most once
 * in an interval, however many transactions wait for it. Thread-safe; does not block.
 */
final class AlertGroups implements Alerts {

    /** Where all participants are that are too many to be told apart. */
    private static final String OTHERS = "";

    /** Hears of them. */
    @FunctionalInterface
    interface Ear {

        /**
         * @param last the last alert
         * @param count how many it stands for, itself included
         * @param gids whose they were; of many, the first
         */
        void hear(Alert last, int count, List<String> gids);
    }

    /** Runs something later. */
    @FunctionalInterface
    interface Timer {

        Timer SYSTEM = (wait, task) -> CompletableFuture
            .delayedExecutor(wait.toMillis(), TimeUnit.MILLISECONDS).execute(task);

        void after(Duration wait, Runnable task);
    }

    private static final class Group {
        private Alert last;
        private int count;
        private final Set<String> gids = new LinkedHashSet<>();
    }

    private final Duration interval;
    private final Ear ear;
    private final Timer timer;
    private final Map<String, Group> groups = new HashMap<>();

    /** @param interval zero: each alert is passed on by itself */
    AlertGroups(Duration interval, Ear ear, Timer timer) {
        this.interval = interval;
        this.ear = ear;
        this.timer = timer;
    }

    @Override
    public void raise(Alert alert) {
        if (interval.isZero() || isFirst(alert)) {
            ear.hear(alert, 1, List.of(alert.gid()));
        }
    }

    /** Participants that were told of within the last interval. */
    synchronized int count() {
        return groups.size();
    }

    private synchronized boolean isFirst(Alert alert) {
        String participant = participant(alert.branchUrl());
        if (!groups.containsKey(participant) && groups.size() >= Limits.ALERT_GROUPS) {
            participant = OTHERS;
        }
        Group group = groups.get(participant);
        if (group == null) {
            groups.put(participant, new Group());
            tellLater(participant);
            return true;
        }
        group.last = alert;
        group.count++;
        if (group.gids.size() < Limits.ALERT_GIDS) {
            group.gids.add(alert.gid());
        }
        return false;
    }

    private void tellLater(String participant) {
        timer.after(interval, () -> tell(participant));
    }

    private void tell(String participant) {
        Group group;
        synchronized (this) {
            group = groups.remove(participant);
            if (group.count == 0) {
                return; // Nothing has followed: the next one is a first one.
            }
            groups.put(participant, new Group());
            tellLater(participant);
        }
        ear.hear(group.last, group.count, new ArrayList<>(group.gids));
    }

    /** Host and port, or the service, of a url in whichever form initiators may give it. */
    private static String participant(String url) {
        int scheme = url.indexOf("://");
        int from = scheme < 0 ? 0 : scheme + 3;
        while (from < url.length() && url.charAt(from) == '/') {
            from++;
        }
        int end = from;
        while (end < url.length() && "/?#".indexOf(url.charAt(end)) < 0) {
            end++;
        }
        return url.substring(from, end).toLowerCase(Locale.ROOT);
    }
}

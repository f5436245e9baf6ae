package branch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import transaction.Alert;
import transaction.Limits;

/** How many messages come of how many alerts. */
final class AlertGroupsTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final List<String> heard = new ArrayList<>();
    private final Deque<Runnable> later = new ArrayDeque<>();
    private final AlertGroups alerts = groups(MINUTE);

    @Test
    void eightyThatWaitForOneParticipantAreAMessageAtOnceAndOneAMinute() {
        for (int i = 1; i <= 80; i++) {
            raise("g" + i, "http://b/api/" + i);
        }
        assertEquals(List.of("g1 1"), heard);

        minutePasses();
        assertEquals(List.of("g1 1", "g80 79"), heard);
        raise("g1", "http://b/api");
        raise("g2", "http://b/api");
        raise("g1", "http://b/api");
        minutePasses();
        assertEquals("g1 3", heard.get(2));
        minutePasses();
        assertEquals(3, heard.size(), "nothing has followed");
        assertEquals(0, alerts.count());
        assertTrue(later.isEmpty());

        raise("g9", "http://b/api");
        assertEquals("g9 1", heard.get(3), "a first one again");
    }

    @Test
    void eachParticipantIsToldOfByItselfHoweverItIsCalled() {
        List.of("http://b/x", "https://b:8443/x", "http://c?x", "d:9/p.S/M", "dns:///d:10/p.S/M",
            "discovery:///e/p.S/M", "").forEach(url -> raise("first", url));
        List.of("http://B/y", "https://b:8443/y", "http://c", "d:9/p.S/N", "dns:///d:10/p.S/N",
            "discovery:///e/p.S/N", "").forEach(url -> raise("second", url));

        assertEquals(7, heard.size());
        assertTrue(heard.stream().allMatch("first 1"::equals));
        minutePasses();
        assertEquals(7, heard.stream().filter("second 1"::equals).count());
    }

    @Test
    void itNamesAFewOfManyTransactions() {
        List<Integer> named = new ArrayList<>();
        AlertGroups few = new AlertGroups(MINUTE, (last, count, gids) -> named.add(gids.size()),
            (wait, task) -> later.add(task));
        for (int i = 0; i <= Limits.ALERT_GIDS + 5; i++) {
            few.raise(new Alert("g" + i, "submitted", "http://b", "503", 3));
        }

        minutePasses();

        assertEquals(List.of(1, Limits.ALERT_GIDS), named);
    }

    @Test
    void participantsBeyondTheBoundAreToldOfTogether() {
        for (int i = 0; i < Limits.ALERT_GROUPS + 100; i++) {
            raise("g", "http://p" + i);
        }

        assertEquals(Limits.ALERT_GROUPS + 1, heard.size());
        assertEquals(Limits.ALERT_GROUPS + 1, alerts.count());
    }

    @Test
    void withoutAnIntervalEachIsToldOfAsInDtm() {
        AlertGroups each = groups(Duration.ZERO);
        for (int i = 0; i < 3; i++) {
            each.raise(new Alert("g", "submitted", "http://b", "503", 3));
        }

        assertEquals(List.of("g 1", "g 1", "g 1"), heard);
        assertTrue(later.isEmpty());
    }

    private AlertGroups groups(Duration interval) {
        return new AlertGroups(interval, (last, count, gids) -> heard.add(last.gid() + " " + count),
            (wait, task) -> {
                assertEquals(MINUTE, wait);
                later.add(task);
            });
    }

    private void raise(String gid, String url) {
        alerts.raise(new Alert(gid, "submitted", url, "503", 3));
    }

    private void minutePasses() {
        List<Runnable> due = new ArrayList<>(later);
        later.clear();
        due.forEach(Runnable::run);
    }
}

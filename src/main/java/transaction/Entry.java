package transaction;

import java.util.List;

/**
 * What one decision adds to the journal: its facts, all or none of them.
 *
 * @param events at least one, in order
 * @param summary the index row that is written with them; null when the entry was read back, since
 *     it can be told from the events
 */
public record Entry(List<Event> events, Summary summary) {

    public Entry {
        events = List.copyOf(events);
    }

    public GlobalTransaction applyTo(GlobalTransaction before) {
        GlobalTransaction after = before;
        for (Event event : events) {
            after = event.applyTo(after);
        }
        return after;
    }
}

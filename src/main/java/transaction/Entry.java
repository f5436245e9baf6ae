package transaction;

import java.util.List;

/**
 * What one decision adds to the journal: its facts, all or none of them.
 *
 * @param events at least one, in order
 * @param summary the index row that is written with them; null when the entry was read back, since
 *     it can be told from the events
 * @param attempt the call that they follow from; null if they do not, or if it was not kept here
 */
public record Entry(List<Event> events, Summary summary, Attempt attempt) {

    /** Of no call. */
    public Entry(List<Event> events, Summary summary) {
        this(events, summary, null);
    }

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

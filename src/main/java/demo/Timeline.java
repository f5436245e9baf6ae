package demo;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What was said in one story, by whom to whom, and what was answered. Safe for many threads.
 *
 * <p>An entry is added when its answer is known, and stands where its question was asked.
 */
final class Timeline {

    private final List<Entry> entries = new ArrayList<>();
    private long beganNanos = System.nanoTime();

    /** How an entry is to be read at a glance. */
    enum Tone {
        GOOD,
        BAD,
        NOTE
    }

    /**
     * A line of the story.
     *
     * @param nanos when it was asked, on the clock of {@link System#nanoTime}
     * @param from who asked; empty for a note, which has only a detail
     * @param to who was asked
     * @param verb what for: a verb of the coordinator's API, or the operation of a branch
     * @param branch the branch; empty if it is about the whole transaction
     * @param detail the business in words
     * @param answer in words; empty for a note
     * @param tone how to read the answer
     */
    record Entry(long nanos, String from, String to, String verb, String branch, String detail,
            String answer, Tone tone) {

        /** An entry still without its answer, asked now. */
        static Entry asked(String from, String to, String verb) {
            return new Entry(System.nanoTime(), from, to, verb, "", "", "", Tone.NOTE);
        }

        Entry about(String branchId, String business) {
            return new Entry(nanos, from, to, verb, branchId, business, answer, tone);
        }

        Entry answered(String words, boolean good) {
            return new Entry(nanos, from, to, verb, branch, detail, words,
                    good ? Tone.GOOD : Tone.BAD);
        }
    }

    /** Forgets the former story; the clock starts at zero. */
    synchronized void begin() {
        entries.clear();
        beganNanos = System.nanoTime();
    }

    synchronized void add(Entry entry) {
        entries.add(entry);
        notifyAll();
    }

    /** Something that happened to the parts, rather than between them. */
    void note(String what) {
        add(new Entry(System.nanoTime(), "", "", "", "", what, "", Tone.NOTE));
    }

    /** The entries so far, in the order in which they were asked. */
    synchronized List<Entry> entries() {
        return entries.stream().sorted(Comparator.comparingLong(Entry::nanos)).toList();
    }

    /** The time from the beginning of the story to {@code nanos}. */
    synchronized Duration since(long nanos) {
        return Duration.ofNanos(nanos - beganNanos);
    }

    /** Returns when an entry is added, or after {@code atMost}, whichever comes first. */
    synchronized void awaitNews(Duration atMost) throws InterruptedException {
        TimeUnit.NANOSECONDS.timedWait(this, atMost.toNanos());
    }
}

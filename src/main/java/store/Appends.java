package store;

import java.time.Duration;

/** Hears of each group that is written. Neither method may block or throw. */
public interface Appends {

    Appends UNHEARD = new Appends() {
        @Override
        public void appended(int entries, Duration took) {}

        @Override
        public void failed(int entries) {}
    };

    /** That many entries became durable together; {@code took} is from the first statement on. */
    void appended(int entries, Duration took);

    /** That many did not, or nobody knows. */
    void failed(int entries);
}

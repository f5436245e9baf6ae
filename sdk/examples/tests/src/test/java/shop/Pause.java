package shop;

import java.util.concurrent.locks.LockSupport;

/** Between two looks at what another process does. */
final class Pause {

    private Pause() {}

    static void millis(long millis) {
        LockSupport.parkNanos(millis * 1_000_000);
    }
}

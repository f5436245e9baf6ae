package pactor;

import static pactor.Diagnosis.ok;
import static pactor.Diagnosis.warn;

/** The memory that the JVM gives a process: with too little of it, some bounds cannot hold. */
final class Heap {

    /** With less, requests and transactions of the longest kind may not fit side by side. */
    static final long MIN_BYTES = 256L << 20;

    /** What some collectors keep from the heap that was asked for. */
    private static final long KEPT_BACK = MIN_BYTES / 16;

    private static final long MIB = 1L << 20;

    private Heap() {}

    /** That of this process, and so of any that is started as it was. */
    static Diagnosis look() {
        return judge(Runtime.getRuntime().maxMemory());
    }

    /** @param most bytes that the heap may grow to */
    static Diagnosis judge(long most) {
        String found = "a heap of " + most / MIB + " MiB";
        return most >= MIN_BYTES - KEPT_BACK ? ok("memory", found) : warn("memory",
            found + " is less than " + MIN_BYTES / MIB + " MiB, below which the bounds of requests"
                + " do not hold", "start java with -Xmx256m or more, or give the container more");
    }
}

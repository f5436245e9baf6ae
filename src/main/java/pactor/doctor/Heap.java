package pactor.doctor;

import static pactor.doctor.Diagnosis.ok;
import static pactor.doctor.Diagnosis.warn;

import java.lang.management.ManagementFactory;

/** The memory that the JVM gives a process: with too little of it, some bounds cannot hold. */
public final class Heap {

    /**
     * With less, G1's regions are so few and small that large requests fill many of them, and H2
     * may find no hole for what it writes at once.
     */
    static final long G1_MIN_BYTES = 512L << 20;

    /** With less, requests and transactions of the longest kind may not fit side by side. */
    static final long MIN_BYTES = 256L << 20;

    /** What some collectors keep from the heap that was asked for. */
    private static final long KEPT_BACK = MIN_BYTES / 16;

    private static final long MIB = 1L << 20;

    private Heap() {}

    /** Whether the bounds of requests hold in this process. */
    public static Diagnosis look() {
        return judge(Runtime.getRuntime().maxMemory(), false);
    }

    /** What can be advised for any process that is started as this one was. */
    public static Diagnosis advise() {
        return judge(Runtime.getRuntime().maxMemory(),
            ManagementFactory.getGarbageCollectorMXBeans().stream()
                .anyMatch(each -> each.getName().startsWith("G1")));
    }

    /** @param most bytes that the heap may grow to */
    public static Diagnosis judge(long most, boolean isG1) {
        String found = "a heap of " + most / MIB + " MiB";
        if (most < MIN_BYTES - KEPT_BACK) {
            return warn("memory", found + " is less than " + MIN_BYTES / MIB + " MiB, below which"
                + " the bounds of requests do not hold",
                "start java with -Xmx256m or more, or give the container more");
        }
        return !isG1 || most >= G1_MIN_BYTES - KEPT_BACK ? ok("memory", found)
            : warn("memory", found + " is less than " + G1_MIN_BYTES / MIB + " MiB, below which G1"
                + " may find no room for large transactions",
                "start java with -XX:+UseSerialGC, or with -Xmx512m or more");
    }
}

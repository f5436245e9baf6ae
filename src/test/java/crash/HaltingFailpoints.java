package crash;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import transaction.Failpoints;

/**
 * Ends the process at one named point, as a kill would: no shutdown hook, no flush, exit code 137.
 *
 * <p>The variable {@value #VARIABLE} says where: {@code CP-06:3@gid} is the third time that control
 * comes to CP-06 on behalf of that gid. Without the variable nothing ever happens.
 */
public final class HaltingFailpoints implements Failpoints {

    static final String VARIABLE = "PACTOR_HALT_AT";

    /**
     * As {@code CP-03@gid@file}: at this point on behalf of that gid the process stops itself, as
     * SIGSTOP does, if the file is there; it takes the file away, so that one process stops once.
     */
    static final String STOP_VARIABLE = "PACTOR_STOP_AT";

    /**
     * As {@code CP-03@gid@memory}: at this point on behalf of that gid an Error is thrown, as by a
     * heap that is full ({@code memory}) or a class that cannot be loaded ({@code class}).
     */
    static final String THROW_VARIABLE = "PACTOR_THROW_AT";

    /** What a process killed by SIGKILL ends with as well. */
    static final int EXIT_CODE = 137;

    /** The last line of the process; it tells an end at a failpoint from any other kill. */
    static final String LAST_WORDS = "halting at ";

    private static final Pattern PLACE = Pattern.compile("([\\w-]+):(\\d+)@(.+)");

    private final String point;
    private final String gid;
    private final AtomicInteger left;
    private final String[] error = System.getenv().getOrDefault(THROW_VARIABLE, "").split("@");
    private final String[] stop = System.getenv().getOrDefault(STOP_VARIABLE, "").split("@");

    /** For {@link java.util.ServiceLoader}. */
    public HaltingFailpoints() {
        this(System.getenv().getOrDefault(VARIABLE, ""));
    }

    HaltingFailpoints(String place) {
        Matcher parts = PLACE.matcher(place);
        boolean armed = parts.matches();
        if (!armed && !place.isEmpty()) {
            throw new IllegalArgumentException(VARIABLE + " is not POINT:N@GID: " + place);
        }
        this.point = armed ? parts.group(1) : "";
        this.gid = armed ? parts.group(3) : "";
        this.left = new AtomicInteger(armed ? Integer.parseInt(parts.group(2)) : 0);
    }

    /** Where to halt: the {@code n}-th time at {@code point} on behalf of {@code gid}. */
    static String place(String point, int n, String gid) {
        return point + ":" + n + "@" + gid;
    }

    @Override
    public void reach(String reached, String onBehalfOf) {
        if (stop.length == 3 && reached.equals(stop[0]) && onBehalfOf.equals(stop[1])) {
            stopOnce(Path.of(stop[2]));
        }
        if (error.length == 3 && reached.equals(error[0]) && onBehalfOf.equals(error[1])) {
            throw error[2].equals("memory") ? new OutOfMemoryError("as told")
                : new NoClassDefFoundError("as/Told");
        }
        if (reached.equals(point) && onBehalfOf.equals(gid) && left.decrementAndGet() == 0) {
            System.err.println(LAST_WORDS + point + " of " + gid);
            Runtime.getRuntime().halt(EXIT_CODE);
        }
    }

    private static void stopOnce(Path ticket) {
        try {
            if (Files.deleteIfExists(ticket)) {
                new ProcessBuilder("kill", "-STOP", String.valueOf(ProcessHandle.current().pid()))
                    .start().waitFor();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

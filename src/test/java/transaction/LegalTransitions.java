package transaction;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Which status may come of which command in which status, in any mode (protocol sections 1.5 and
 * 4). Written by hand, so that the rules are compared with something other than themselves.
 *
 * <p>A cell lists what may come of it. Whatever {@code resume} may bring about may come along with
 * any other command too: whoever looks first finds that the time is over.
 */
public final class LegalTransitions {

    private static final String TABLE = """
        prepare         | absent prepared | prepared | submitted | aborting | succeed | failed
        submit          | absent submitted aborting succeed failed \
                        | prepared submitted aborting succeed failed \
                                                     | submitted | aborting | succeed | failed
        abort           | absent | prepared aborting failed \
                                                     | submitted | aborting | succeed | failed
        joinBranch      | absent | prepared | submitted | aborting | succeed | failed
        prepareWorkflow | prepared | prepared | submitted | aborting | succeed | failed
        finishWorkflow  | absent | prepared succeed failed \
                                                     | submitted | aborting | succeed | failed
        forceStop       | absent | failed | failed | failed | succeed | failed
        retryNow        | absent | prepared | submitted | aborting | succeed | failed
        unpark          | absent | prepared | submitted | aborting | succeed | failed
        pause           | absent | prepared | submitted | aborting | succeed | failed
        unpause         | absent | prepared | submitted | aborting | succeed | failed
        park            | absent | prepared | submitted | aborting | succeed | failed
        settle          | absent | prepared submitted failed | submitted aborting succeed \
                        | aborting failed | succeed | failed
        rollBack        | absent | prepared aborting failed | submitted aborting | aborting \
                        | succeed | failed
        stop            | absent | succeed failed | succeed failed | aborting failed | succeed \
                        | failed
        change          | absent | prepared | submitted | aborting | succeed | failed
        completion      | absent | prepared | submitted succeed | aborting failed | succeed \
                        | failed
        look            | absent | prepared | submitted | aborting | succeed | failed
        resume          | absent | prepared submitted aborting succeed failed \
                        | submitted aborting succeed failed | aborting | succeed | failed
        branchReturned  | absent | prepared submitted succeed failed \
                        | submitted aborting succeed failed | aborting failed | succeed | failed
        """;

    private static final Set<String> ALL = read();

    private LegalTransitions() {}

    /** As {@code prepared submit submitted}. */
    public static Set<String> all() {
        return ALL;
    }

    public static boolean allow(Transition seen) {
        return ALL.contains(seen.toString()) || ALL.contains(
            new Transition(seen.mode(), seen.before(), "resume", seen.after()).toString());
    }

    private static Set<String> read() {
        Set<String> all = new LinkedHashSet<>();
        for (String line : TABLE.lines().toList()) {
            String[] columns = line.split("\\|");
            List<String> statuses = new ArrayList<>(List.of("absent"));
            for (Status status : Status.values()) {
                statuses.add(status.wire());
            }
            for (int i = 0; i < statuses.size(); i++) {
                for (String after : columns[i + 1].strip().split(" +")) {
                    all.add(statuses.get(i) + " " + columns[0].strip() + " " + after);
                }
            }
        }
        return Set.copyOf(all);
    }
}

package http;

import static org.junit.jupiter.api.Assertions.assertEquals;

/**
 * Protocol section 1.6: what a client that waits is told at the end of the first pass. DTM answers
 * 409 where this has 425 or 500 (docs/protocol.md): nothing has failed yet.
 */
final class WaitedResults {

    /** Mode, what the participant says, the status, and where the transaction stands then. */
    static final String SUBMITS = """
        saga, yes,  200, succeed
        saga, no,   409, failed
        saga, busy, 425, submitted
        saga, down, 425, submitted
        msg,  yes,  200, succeed
        msg,  no,   500, submitted
        msg,  busy, 425, submitted
        msg,  down, 500, submitted
        tcc,  yes,  200, succeed
        tcc,  no,   500, submitted
        tcc,  busy, 425, submitted
        tcc,  down, 500, submitted
        xa,   yes,  200, succeed
        xa,   no,   500, submitted
        xa,   busy, 425, submitted
        xa,   down, 500, submitted
        """;

    /** Of a tcc that is aborted: what the participant says, the status, where it stands then. */
    static final String ABORTS = """
        yes,  200, failed
        busy, 425, aborting
        down, 500, aborting
        no,   500, aborting
        """;

    private WaitedResults() {}

    /** Prepares a tcc or xa that waits, and lets one branch at {@code url} join it. */
    static void join(Door door, String gid, String mode, String url) {
        if (mode.equals("tcc") || mode.equals("xa")) {
            door.ask("prepare", "{\"gid\":\"" + gid + "\",\"trans_type\":\"" + mode
                + "\",\"wait_result\":true}");
            assertEquals(door.told(200),
                door.ask("registerBranch", Requests.branch(gid, mode, "01", url)));
        }
    }

    /** The body of a submit that waits; of a saga or message with one step to {@code url}. */
    static String submit(String gid, String mode, String url) {
        return Requests.work(gid, mode, url).replaceFirst("\\{", "{\"wait_result\":true,");
    }
}

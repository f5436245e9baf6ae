package bench.failover;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;

/** What is asked of a node beside the load. Blocks, for some seconds at most. */
final class HealthProbe {

    private static final int WITHIN_MILLIS = 5_000;

    private HealthProbe() {}

    static boolean isServing(URI base) {
        return status(base, "/api/health") == 200;
    }

    /** Whether somebody knows of that transaction that there is none; its shard is there then. */
    static boolean isAnswered(URI base, String gid) {
        return status(base, "/api/dtmsvr/query?gid=" + gid) == 200;
    }

    /** 0 without an answer. */
    private static int status(URI base, String path) {
        try {
            var asked = (HttpURLConnection) base.resolve(path).toURL().openConnection();
            asked.setConnectTimeout(WITHIN_MILLIS);
            asked.setReadTimeout(WITHIN_MILLIS);
            return asked.getResponseCode();
        } catch (IOException none) {
            return 0;
        }
    }
}

package pactor.settings;

import com.typesafe.config.Config;
import java.util.regex.Pattern;

/** Whose clock runs ahead and whose data can be deleted by anybody is no production. */
final class TestModeCheck {

    /** Urls of databases that this process does not have to itself. */
    private static final Pattern SHARED =
        Pattern.compile("(?i)(?!jdbc:h2:).+|jdbc:h2:(tcp|ssl):.*|.*;auto_server=true.*");

    private TestModeCheck() {}

    static void of(Settings s, Config config, SettingsReader at) {
        at.refuseIf(s.testMode() && SHARED.matcher(s.store().url().reveal()).matches(),
            "test-mode", "cannot be on with a database that others may use ("
                + s.store().url() + "); it takes an embedded H2 database of its own");
        String seeds = "pekko.cluster.seed-nodes";
        at.refuseIf(s.testMode() && config.hasPath(seeds) && config.getList(seeds).size() > 1,
            "test-mode", "cannot be on in a cluster of more than one node (" + seeds + ")");
    }
}

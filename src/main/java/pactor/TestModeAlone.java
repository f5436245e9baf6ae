package pactor;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import pactor.cluster.Node;
import pactor.settings.BadConfiguration;
import pactor.settings.Settings;

/** Refuses the test mode where others would suffer by it, and warns of it elsewhere. */
final class TestModeAlone {

    private static final Logger LOG = LoggerFactory.getLogger(TestModeAlone.class);

    private TestModeAlone() {}

    static void check(Node node, Settings settings) {
        int members = node.members().size();
        if (settings.testMode() && members > 1) {
            throw new BadConfiguration("pactor.test-mode cannot be on in a cluster of more than"
                + " one node; this one has " + members);
        }
        if (settings.testMode()) {
            LOG.warn("TEST MODE IS ON. Whoever reaches the API can move the clock and delete"
                + " every transaction. It is for tests alone, never for production");
        }
    }
}

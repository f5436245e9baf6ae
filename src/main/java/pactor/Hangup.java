package pactor;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sun.misc.Signal;

/**
 * SIGHUP: the configuration file is looked at, now. Without this the process would end when its
 * terminal goes, or when somebody who is used to other servers asks it to reload.
 */
final class Hangup {

    private static final Logger LOG = LoggerFactory.getLogger(Hangup.class);

    private Hangup() {}

    /** From now on, where there is such a signal. */
    static void reload(LiveSettings live) {
        try {
            Signal.handle(new Signal("HUP"), signal -> {
                // The thread of a signal has none, and the configuration is read through it.
                Thread.currentThread().setContextClassLoader(Hangup.class.getClassLoader());
                LOG.info("SIGHUP: looking at the configuration file");
                live.checkSafely();
            });
        } catch (IllegalArgumentException noSuchSignal) {
            LOG.debug("SIGHUP is not heeded: {}", noSuchSignal.getMessage());
        }
    }
}

package pactor.cli;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import pactor.settings.LiveSettings;
import sun.misc.Signal;

/**
 * SIGHUP: the configuration file is looked at, now. Without this the process would end when its
 * terminal goes, or when somebody who is used to other servers asks it to reload.
 */
final class Hangup {

    private Hangup() {}

    /** Nothing happens at it until {@link #reload}. Makes no logger: the level is not known yet. */
    static void ignore() {
        try {
            Signal.handle(new Signal("HUP"), signal -> { });
        } catch (IllegalArgumentException noSuchSignal) {
            // What reload logs.
        }
    }

    /** From now on, where there is such a signal. */
    static void reload(LiveSettings live) {
        Logger log = LoggerFactory.getLogger(Hangup.class);
        try {
            Signal.handle(new Signal("HUP"), signal -> {
                // The thread of a signal has none, and the configuration is read through it.
                Thread.currentThread().setContextClassLoader(Hangup.class.getClassLoader());
                log.info("SIGHUP: looking at the configuration file");
                live.checkSafely();
            });
        } catch (IllegalArgumentException noSuchSignal) {
            log.debug("SIGHUP is not heeded: {}", noSuchSignal.getMessage());
        }
    }
}

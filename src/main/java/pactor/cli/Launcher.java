package pactor.cli;

import health.Guard;
import pactor.Running;
import pactor.settings.Effective;
import pactor.settings.LiveSettings;

/** Starts what {@code serve} serves. */
@FunctionalInterface
public interface Launcher {

    /**
     * Starts and returns when requests are served. Blocks, for a bounded time. What it starts ends
     * by itself when the process is told to stop.
     *
     * @param effective the whole configuration
     * @param live the settings, which may change while it runs
     * @param guard is told of every part that fails, and ends what runs
     * @throws RuntimeException if it cannot start; the cause tells why
     */
    Running launch(Effective effective, LiveSettings live, Guard guard);
}

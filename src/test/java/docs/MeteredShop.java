package docs;

import io.micrometer.core.instrument.MeterRegistry;
import org.apache.pekko.actor.typed.ActorSystem;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import pactor.Host;
import pactor.Pactor;
import pactor.settings.LiveSettings;
import pactor.settings.Settings;

/** A shop with counters of its own, and a line of log for each call. */
final class MeteredShop {

    private static final Logger LOG = LoggerFactory.getLogger(MeteredShop.class);

    private MeteredShop() {}

    static Pactor start(ActorSystem<?> system, MeterRegistry registry) {
        Host host = Host.plain()
            .withMeters(registry)
            .withCalls(inner -> call -> {
                LOG.info("calling {} for {}", call.url(), call.gid());
                return inner.invoke(call);
            });
        Settings settings = Settings.of(system.settings().config());
        return Pactor.start(system, LiveSettings.fixed(settings), host);
    }
}

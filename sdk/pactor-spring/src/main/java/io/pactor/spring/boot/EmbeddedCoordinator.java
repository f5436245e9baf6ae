package io.pactor.spring.boot;

import io.micrometer.core.instrument.MeterRegistry;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import org.springframework.beans.factory.DisposableBean;
import org.springframework.context.SmartLifecycle;
import pactor.Embedded;

/**
 * The coordinator inside this application. It serves as soon as it is made, before the web server
 * takes requests, and stops after the web server has. Started again, it has the same url.
 */
public final class EmbeddedCoordinator implements CoordinatorUrl, SmartLifecycle, DisposableBean {

    /** Below that of the web server, so that it is stopped later. */
    static final int PHASE = SmartLifecycle.DEFAULT_PHASE - 4096;

    private final Map<String, String> settings;
    private final MeterRegistry registry;
    private final String url;
    private Embedded running;
    private volatile String token;

    private EmbeddedCoordinator(Map<String, String> settings, MeterRegistry registry) {
        this.settings = settings;
        this.registry = registry;
        start();
        this.url = running.url();
        settings.put("pactor.http.port", Integer.toString(URI.create(url).getPort()));
    }

    /** @throws EmbeddedException if it cannot start */
    static EmbeddedCoordinator start(PactorProperties.Embedded properties, MeterRegistry registry) {
        return new EmbeddedCoordinator(settings(properties), registry);
    }

    @Override
    public String url() {
        return url;
    }

    @Override
    public String token() {
        return token;
    }

    @Override
    public synchronized void start() {
        if (running != null) {
            return;
        }
        try {
            running = Embedded.start(settings, registry);
            token = running.token();
        } catch (LinkageError other) {
            throw new EmbeddedException("The coordinator does not run with the versions of its"
                + " libraries that this application has: " + other + ".",
                "Let it have its own: with Spring Boot 3.5 set the properties netty.version and"
                + " h2.version of your build to those that the documentation names.", other);
        } catch (RuntimeException failed) {
            throw new EmbeddedException("The coordinator cannot start inside this application: "
                + failed.getMessage(), "Correct pactor.embedded, or see to its database.", failed);
        }
    }

    @Override
    public synchronized void stop() {
        if (running != null) {
            running.close();
            running = null;
        }
    }

    @Override
    public synchronized boolean isRunning() {
        return running != null;
    }

    @Override
    public int getPhase() {
        return PHASE;
    }

    /** After a start of the application that failed, when nobody has stopped it. */
    @Override
    public void destroy() {
        stop();
    }

    private static Map<String, String> settings(PactorProperties.Embedded properties) {
        Map<String, String> all = new HashMap<>();
        all.put("pactor.store.data-dir", properties.dataDir());
        put(all, "pactor.store.jdbc-url", properties.jdbcUrl());
        put(all, "pactor.store.user", properties.user());
        put(all, "pactor.store.password", properties.password());
        put(all, "pactor.cluster.host", properties.host());
        all.put("pactor.cluster.port", Integer.toString(properties.port()));
        properties.settings().forEach((key, value) -> all.put("pactor." + key, value));
        return all;
    }

    private static void put(Map<String, String> all, String key, String value) {
        if (!value.isEmpty()) {
            all.put(key, value);
        }
    }
}

package pactor.settings;

import com.typesafe.config.Config;
import java.util.Optional;

/**
 * The port between nodes, as Pekko opens it: what {@code pactor.cluster.tls} closes, a key of
 * Pekko's own could open again. So what Pekko is told in the end is judged.
 *
 * @param config all of it
 */
record NodePort(Config config) {

    /** Makes TLS between the nodes; named, since it is Pekko that makes it. */
    static final String TLS_ENGINE = "pactor.cluster.NodeTls";

    static final String ENABLED = "pekko.remote.artery.enabled";
    static final String TRANSPORT = "pekko.remote.artery.transport";
    static final String ENGINE = "pekko.remote.artery.ssl.ssl-engine-provider";
    static final String TLS = "tls-tcp";

    private static final String CANONICAL = "pekko.remote.artery.canonical.hostname";
    private static final String BIND = "pekko.remote.artery.bind.hostname";

    /**
     * Refuses a port that is not what was asked for.
     *
     * @param isOn whether this node is meant to be one of several
     * @param hasIdentity whether nodes have certificates to show each other
     * @param allowInsecure whether strangers on the network may pose as nodes
     * @throws BadConfiguration naming the key that opens it
     */
    void check(boolean isOn, boolean hasIdentity, boolean allowInsecure) {
        if (!config.getBoolean(ENABLED)) {
            if (isOn) {
                throw new BadConfiguration(ENABLED + " cannot be off in a cluster");
            }
            return;
        }
        if (hasIdentity) {
            require(TRANSPORT, TLS);
            require(ENGINE, TLS_ENGINE);
        } else if (!allowInsecure && !isTls() && isReachable()) {
            throw new BadConfiguration("pactor.security.allow-insecure must be on to let strangers"
                + " pose as nodes at " + CANONICAL + ": set pactor.cluster.tls.certificate, key"
                + " and ca; or, where the network keeps strangers out, set"
                + " pactor.security.allow-insecure = on");
        }
    }

    private void require(String key, String value) {
        if (!config.getString(key).equals(value)) {
            throw new BadConfiguration(key + " must be " + value
                + " where pactor.cluster.tls is set, and not " + config.getString(key));
        }
    }

    /** With an engine of the user's own, whose certificates it checks by itself. */
    private boolean isTls() {
        return config.getString(TRANSPORT).equals(TLS);
    }

    private boolean isReachable() {
        String bind = Optional.of(config.getString(BIND)).filter(each -> !each.isEmpty())
            .orElse(config.getString(CANONICAL));
        return !SecuritySettings.isLoopback(bind);
    }
}

package pactor.cluster;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.naming.ldap.Rdn;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSession;
import org.apache.pekko.actor.ActorSystem;
import org.apache.pekko.remote.artery.tcp.SSLEngineProvider;
import pactor.settings.Settings;
import scala.Option;
import tls.LiveCredentials;
import tls.TlsRules;

/**
 * TLS between nodes, named in the configuration of Pekko by {@link
 * pactor.settings.ClusterSettings}. Each side shows a certificate of the one authority, and both
 * have a name in common, so that whoever has a certificate of that authority for something else is
 * still a stranger. A node is not asked for the name under which it was called: nodes are known by
 * their addresses, which change.
 */
public final class NodeTls implements SSLEngineProvider {

    /** The type of a DNS name among the alternative names of a certificate. */
    private static final int DNS_NAME = 2;

    /** All nodes are of one kind, so they need no older version. */
    private static final String PROTOCOL = TlsRules.PROTOCOLS.get(0);

    private final LiveCredentials credentials;

    /** Made by Pekko. Blocks for the reading of the files. */
    public NodeTls(ActorSystem system) {
        Settings settings = Settings.of(system.settings().config());
        credentials = LiveCredentials.ofServer(
            "pactor.cluster.tls", settings.tls().cluster(), settings.reloadInterval());
        system.getWhenTerminated().thenRun(credentials::close);
    }

    @Override
    public SSLEngine createServerSSLEngine(String host, int port) {
        return engine(false);
    }

    @Override
    public SSLEngine createClientSSLEngine(String host, int port) {
        return engine(true);
    }

    @Override
    public Option<Throwable> verifyClientSession(String host, SSLSession session) {
        return verify(session);
    }

    @Override
    public Option<Throwable> verifyServerSession(String host, SSLSession session) {
        return verify(session);
    }

    private SSLEngine engine(boolean isClient) {
        SSLContext context = credentials.get();
        SSLEngine engine = context.createSSLEngine();
        engine.setUseClientMode(isClient);
        SSLParameters parameters = new SSLParameters(
            TlsRules.suites(context).toArray(String[]::new), new String[] {PROTOCOL});
        parameters.setNeedClientAuth(true);
        engine.setSSLParameters(parameters);
        return engine;
    }

    private Option<Throwable> verify(SSLSession session) {
        try {
            Set<String> common = names((X509Certificate) session.getPeerCertificates()[0]);
            common.retainAll(names(credentials.credentials().chain().get(0)));
            return common.isEmpty()
                ? Option.apply(new SecurityException("a certificate of " + session
                    .getPeerPrincipal() + " has no name in common with that of this node"))
                : Option.empty();
        } catch (Exception unverified) {
            return Option.apply(unverified);
        }
    }

    /** The common name and the DNS names, in lower case. */
    private static Set<String> names(X509Certificate certificate)
            throws CertificateParsingException, InvalidNameException {
        Set<String> names = new HashSet<>();
        String subject = certificate.getSubjectX500Principal().getName();
        for (Rdn each : new LdapName(subject).getRdns()) {
            if (each.getType().equalsIgnoreCase("CN")) {
                names.add(each.getValue().toString().toLowerCase(Locale.ROOT));
            }
        }
        Collection<List<?>> others = certificate.getSubjectAlternativeNames();
        if (others != null) {
            for (List<?> each : others) {
                if (each.get(0).equals(DNS_NAME)) {
                    names.add(each.get(1).toString().toLowerCase(Locale.ROOT));
                }
            }
        }
        return names;
    }
}

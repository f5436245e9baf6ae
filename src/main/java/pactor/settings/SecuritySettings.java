package pactor.settings;

import actors.Quota;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import security.AddressRule;
import security.Identities;
import security.ReloadedFile;

/**
 * Who may call, and how calls prove whose they are: the tree {@code pactor.security}, and {@code
 * pactor.calls.signing}.
 *
 * @param authentication auto, required or off
 * @param allowInsecure whether strangers on the network may be served, or in the clear
 * @param identitiesFile who is known, and by what; empty for nobody
 * @param rulesFile who is let in by address; empty for nobody
 * @param adminTokenFile where the first administrator's token is written
 * @param quotas how much each namespace may have
 * @param allowedHosts names of this server, for requests without a token
 * @param allowedOrigins whose pages may ask
 * @param oidc whose tokens count besides
 * @param audit what is put on record
 * @param signing how calls to participants are signed
 */
public record SecuritySettings(
        String authentication,
        boolean allowInsecure,
        String identitiesFile,
        String rulesFile,
        Path adminTokenFile,
        List<Quota> quotas,
        List<String> allowedHosts,
        List<String> allowedOrigins,
        OidcSettings oidc,
        AuditSettings audit,
        SigningSettings signing) {

    private static final String OFF = "off";
    private static final String REQUIRED = "required";

    /** A name, one below which all are meant, or all. */
    private static final String HOST = "\\*|(\\*\\.)?[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*";

    private static final String ORIGIN = "https?://[A-Za-z0-9_.:\\[\\]-]+";

    static SecuritySettings read(SettingsReader from) {
        return new SecuritySettings(
            from.word("security.authentication", List.of("auto", REQUIRED, OFF)),
            from.flag("security.allow-insecure"),
            from.text("security.identities-file"),
            from.text("security.rules-file"),
            from.path("security.admin-token-file", "a path", path -> true),
            from.list("security.quotas", "orders open=1000 starts=50 bytes=10000000, * open=100",
                Quota::isOne).stream().map(Quota::of).toList(),
            from.list("security.allowed-hosts", "pactor.example.com, *.svc.cluster.local",
                each -> each.matches(HOST)),
            from.list("security.allowed-origins", "https://ops.example.com",
                each -> each.matches(ORIGIN)),
            OidcSettings.read(from),
            AuditSettings.read(from),
            SigningSettings.read(from));
    }

    /** Problems between these and other settings. */
    void check(Settings s, SettingsReader at) {
        at.refuseIf(authentication.equals(OFF) && s.isProduction(), "security.authentication",
            "cannot be off with pactor.profile = production");
        at.refuseIf(quotas.stream().map(Quota::namespace).distinct().count() < quotas.size(),
            "security.quotas", "names a namespace twice");
        readable(identitiesFile, Identities::of, "security.identities-file", at);
        readable(rulesFile, AddressRule::of, "security.rules-file", at);
        oidc.check(this, at);
        audit.check(at);
        signing.check(at);
        if (!allowInsecure) {
            closed(s, at);
        }
    }

    private void closed(Settings s, SettingsReader at) {
        String trusted = "; or, where the network keeps strangers out, set"
            + " pactor.security.allow-insecure = on";
        at.refuseIf(isOpenToNodes(s), "security.allow-insecure", "must be on to let strangers"
            + " pose as nodes at pactor.cluster.host: set pactor.cluster.tls.certificate, key and"
            + " ca" + trusted);
        at.refuseIf(isReachable(s) && authentication.equals(OFF), "security.authentication",
            "cannot be off while other machines can reach pactor.http.host or pactor.grpc.host:"
                + " set auto" + trusted);
        at.refuseIf(isReachable(s) && !isEncrypted(s), "security.allow-insecure",
            "must be on to serve other machines at pactor.http.host or pactor.grpc.host in the"
                + " clear: set pactor.http.tls.certificate and pactor.http.tls.key" + trusted);
    }

    /** Whether a stranger could pose as a node: nodes do to each other whatever they like. */
    private static boolean isOpenToNodes(Settings s) {
        return s.cluster().isOn() && !s.tls().cluster().hasIdentity()
            && (s.cluster().host().isEmpty() || !isLoopback(s.cluster().host())
                || !s.cluster().bindHost().isEmpty() && !isLoopback(s.cluster().bindHost()));
    }

    /** Whether nobody is served who is not known. */
    public boolean isRequired(Settings s) {
        return authentication.equals(REQUIRED) || !authentication.equals(OFF)
            && (s.isProduction() || isReachable(s) || !identitiesFile.isEmpty()
                || !rulesFile.isEmpty() || oidc.isOn());
    }

    /** Whether other machines can reach a listener. */
    static boolean isReachable(Settings s) {
        return !isLoopback(s.http().host())
            || s.grpc().enabled() && !isLoopback(s.grpc().listen().host());
    }

    /** Whether what other machines send is TLS. */
    public boolean isEncrypted(Settings s) {
        return (isLoopback(s.http().host()) || s.tls().http().isOn())
            && (!s.grpc().enabled() || isLoopback(s.grpc().listen().host())
                || s.tls().grpc().isOn());
    }

    static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException nowhere) {
            return false;
        }
    }

    private static <T> void readable(
            String file, Function<List<String>, T> parser, String key, SettingsReader at) {
        if (file.isEmpty()) {
            return;
        }
        try {
            ReloadedFile.read(Path.of(file), parser);
        } catch (IOException | IllegalArgumentException wrong) {
            at.refuseIf(true, key, "cannot be used: " + (wrong instanceof IOException
                ? wrong.toString() : wrong.getMessage()));
        }
    }
}

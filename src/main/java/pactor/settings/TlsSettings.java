package pactor.settings;

import credential.ParticipantCredentials;
import egress.EgressRules;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import tls.ClientAuth;
import tls.Credentials;
import tls.TlsException;
import tls.TlsFiles;

/**
 * The certificates and keys of each port, and of calls: the trees {@code tls} below {@code
 * pactor.http}, {@code pactor.grpc}, {@code pactor.calls} and {@code pactor.cluster}.
 *
 * @param http what clients are served with over HTTP
 * @param grpc what clients are served with over gRPC; that of HTTP where nothing else is said
 * @param calls what participants are shown, and who may vouch for them
 * @param credentials the file that says what else participants are shown, each of its own
 * @param cluster what nodes show each other; all three files or none
 */
public record TlsSettings(
        Door http, Door grpc, TlsFiles calls, Optional<Path> credentials, TlsFiles cluster) {

    private static final List<String> WORDS = List.of("none", "optional", "required");

    /**
     * A port for clients.
     *
     * @param files authorities are those of the clients
     */
    public record Door(TlsFiles files, ClientAuth clientAuth) {

        /** Whether TLS is spoken there. */
        public boolean isOn() {
            return files.hasIdentity();
        }
    }

    static TlsSettings read(SettingsReader from) {
        Door http = door(from, "http", new Door(TlsFiles.NONE, ClientAuth.NONE), WORDS);
        List<String> orThatOfHttp = new ArrayList<>(List.of(""));
        orThatOfHttp.addAll(WORDS);
        return new TlsSettings(http, door(from, "grpc", http, orThatOfHttp),
            files(from, "calls.tls", "ca"), from.file("calls.credentials-file"), cluster(from));
    }

    /**
     * Reads every file once. Blocks.
     *
     * @param egress who may be called: a server of tokens that may not is a mistake
     * @throws BadConfiguration with each that cannot be used
     */
    public void check(EgressRules egress) {
        List<String> problems = new ArrayList<>();
        problem("pactor.http.tls", http.files).ifPresent(problems::add);
        if (!grpc.files.equals(http.files)) {
            problem("pactor.grpc.tls", grpc.files).ifPresent(problems::add);
        }
        problem("pactor.calls.tls", calls).ifPresent(problems::add);
        problem("pactor.cluster.tls", cluster).ifPresent(problems::add);
        try {
            ParticipantCredentials.read(credentials, calls.authorities()).tokenUrls()
                .forEach(url -> EgressSettings.require(egress, "token-url", url));
        } catch (IllegalArgumentException unusable) {
            problems.add("pactor.calls.credentials-file: " + unusable.getMessage());
        }
        if (!problems.isEmpty()) {
            throw new BadConfiguration(problems);
        }
    }

    private static Optional<String> problem(String tree, TlsFiles files) {
        try {
            Credentials.read(files);
            return Optional.empty();
        } catch (TlsException unusable) {
            return Optional.of(tree + ": " + unusable.getMessage());
        }
    }

    private static Door door(
            SettingsReader from, String name, Door otherwise, List<String> words) {
        String tree = name + ".tls";
        TlsFiles own = files(from, tree, "client-ca");
        TlsFiles used = new TlsFiles(
            own.certificate().or(() -> otherwise.files.certificate()),
            own.key().or(() -> otherwise.files.key()),
            own.authorities().or(() -> otherwise.files.authorities()));
        String word = from.word(tree + ".client-auth", words);
        ClientAuth auth = word.isEmpty() ? otherwise.clientAuth
            : ClientAuth.valueOf(word.toUpperCase(Locale.ROOT));
        from.refuseIf(own.authorities().isPresent() && auth == ClientAuth.NONE,
            tree + ".client-auth", "must be optional or required where pactor." + tree
                + ".client-ca is given");
        from.refuseIf(auth != ClientAuth.NONE && used.authorities().isEmpty(),
            tree + ".client-auth", "needs pactor." + tree + ".client-ca");
        from.refuseIf(auth != ClientAuth.NONE && !used.hasIdentity(),
            tree + ".client-auth", "needs pactor." + tree + ".certificate");
        return new Door(used, auth);
    }

    private static TlsFiles cluster(SettingsReader from) {
        TlsFiles files = files(from, "cluster.tls", "ca");
        from.refuseIf(files.hasIdentity() && files.authorities().isEmpty(),
            "cluster.tls.ca", "must be given with pactor.cluster.tls.certificate");
        from.refuseIf(!files.hasIdentity() && files.authorities().isPresent(),
            "cluster.tls.certificate", "must be given with pactor.cluster.tls.ca");
        return files;
    }

    private static TlsFiles files(SettingsReader from, String tree, String authorities) {
        Optional<Path> certificate = from.file(tree + ".certificate");
        Optional<Path> key = from.file(tree + ".key");
        Optional<Path> ca = from.file(tree + "." + authorities);
        boolean isPair = certificate.isPresent() == key.isPresent();
        from.refuseIf(!isPair, tree + (key.isPresent() ? ".certificate" : ".key"),
            "must be given with pactor." + tree + (key.isPresent() ? ".key" : ".certificate"));
        return isPair ? new TlsFiles(certificate, key, ca) : TlsFiles.NONE;
    }
}

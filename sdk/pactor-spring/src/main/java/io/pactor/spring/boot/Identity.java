package io.pactor.spring.boot;

import io.pactor.client.ClientCredentials;
import io.pactor.client.Pactor;
import io.pactor.client.SignatureVerifier;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

/** Who this application is to coordinators, as its properties say. */
final class Identity {

    private Identity() {}

    /** @throws IllegalStateException if a property is missing */
    static ClientCredentials of(PactorProperties.OAuth2 given) {
        require(given.tokenUrl() != null, "pactor.oauth2.token-url");
        require(given.clientId() != null, "pactor.oauth2.client-id");
        require(given.secretFile() != null, "pactor.oauth2.secret-file");
        ClientCredentials credentials = ClientCredentials
            .of(given.tokenUrl(), given.clientId(), given.secretFile())
            .scope(given.scope().toArray(String[]::new)).audience(given.audience());
        return given.inBody() ? credentials.inBody() : credentials;
    }

    /** @throws IllegalStateException if a certificate has no key, or a key no certificate */
    static void add(PactorProperties.Tls given, Pactor.Builder to) {
        add(given, to::certificate, to::authorities);
    }

    /** The same for who reads the keys of coordinators. */
    static void add(PactorProperties.Tls given, SignatureVerifier.Builder to) {
        add(given, to::certificate, to::authorities);
    }

    private static void add(PactorProperties.Tls given, BiConsumer<Path, Path> certificate,
            Consumer<Path> authorities) {
        boolean isPair = (given.certificate() == null) == (given.key() == null);
        require(isPair, "pactor.tls." + (given.key() == null ? "key" : "certificate"));
        if (given.certificate() != null) {
            certificate.accept(given.certificate(), given.key());
        }
        Optional.ofNullable(given.authorities()).ifPresent(authorities);
    }

    private static void require(boolean isThere, String property) {
        if (!isThere) {
            throw new IllegalStateException("the property " + property + " is missing");
        }
    }
}

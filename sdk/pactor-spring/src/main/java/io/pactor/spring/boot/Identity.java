package io.pactor.spring.boot;

import io.pactor.client.ClientCredentials;
import io.pactor.client.Pactor;
import java.util.Optional;

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
        boolean isPair = (given.certificate() == null) == (given.key() == null);
        require(isPair, "pactor.tls." + (given.key() == null ? "key" : "certificate"));
        if (given.certificate() != null) {
            to.certificate(given.certificate(), given.key());
        }
        Optional.ofNullable(given.authorities()).ifPresent(to::authorities);
    }

    private static void require(boolean isThere, String property) {
        if (!isThere) {
            throw new IllegalStateException("the property " + property + " is missing");
        }
    }
}

package io.pactor.client;

import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Executor;
import javax.net.ssl.SSLContext;

/** How a client proves to coordinators who it is, and they to it, while that is being said. */
final class ClientSecurity {

    private HttpClient http;
    private SSLContext ssl;
    private Path certificate;
    private Path key;
    private Path authorities;
    private ClientCredentials oauth2;

    /**
     * What it comes to.
     *
     * @param participants for those, to whom nothing is shown that is for coordinators
     */
    record Clients(HttpClient coordinators, HttpClient participants, Authorization authorization) {}

    void client(HttpClient given) {
        http = given;
    }

    void context(SSLContext given) {
        ssl = given;
    }

    void certificate(Path chain, Path privateKey) {
        certificate = chain;
        key = privateKey;
    }

    void authorities(Path file) {
        authorities = file;
    }

    void oauth2(ClientCredentials given) {
        oauth2 = given;
    }

    /**
     * Reads the files.
     *
     * @param hasAuthorization whether a header of that name was given
     * @throws IllegalStateException if one cannot be used, or they cannot be combined
     */
    Clients build(boolean hasAuthorization, Duration connectTimeout, Executor threads) {
        boolean isPem = certificate != null || authorities != null;
        require(!isPem || ssl == null && http == null,
            "certificate and authorities cannot be combined with sslContext or httpClient");
        require(oauth2 == null || !hasAuthorization,
            "oauth2 cannot be combined with tokenFile or a header Authorization");
        HttpClient own = ownClient(ssl, connectTimeout, threads);
        HttpClient client = http != null ? http : !isPem ? own : ownClient(
            PemTls.context(certificate, key, authorities), connectTimeout, threads);
        // Who follows redirects would take the secret along.
        HttpClient forTokens =
            client.followRedirects() == HttpClient.Redirect.NEVER ? client : own;
        return new Clients(client, isPem ? own : client,
            oauth2 == null ? Authorization.NONE : FetchedToken.of(oauth2, forTokens));
    }

    private static HttpClient ownClient(
            SSLContext tls, Duration connectTimeout, Executor threads) {
        HttpClient.Builder client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(connectTimeout)
            .executor(threads);
        return (tls == null ? client : client.sslContext(tls)).build();
    }

    private static void require(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalStateException(otherwise);
        }
    }
}

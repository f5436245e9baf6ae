package io.pactor.client;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;

/**
 * With what an application gets tokens from an authorization server: OAuth 2.0, the client
 * credentials grant. Immutable. The secret stays in its file, and is read at each fetch.
 */
public final class ClientCredentials {

    /** What is sent to them does not leave this machine. */
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");

    private final URI tokenUrl;
    private final String clientId;
    private final Path secretFile;
    private final String scope;
    private final String audience;
    private final boolean isInBody;

    private ClientCredentials(URI tokenUrl, String clientId, Path secretFile, String scope,
            String audience, boolean isInBody) {
        this.tokenUrl = tokenUrl;
        this.clientId = clientId;
        this.secretFile = secretFile;
        this.scope = scope;
        this.audience = audience;
        this.isInBody = isInBody;
    }

    /**
     * Reads nothing yet.
     *
     * @param tokenUrl of the server; {@code https}, since the secret goes there, but on this
     *     machine
     * @param clientId under which it knows the application
     * @param secretFile with one line, the secret
     * @throws IllegalArgumentException if the url cannot be used
     */
    public static ClientCredentials of(String tokenUrl, String clientId, Path secretFile) {
        URI url;
        try {
            url = URI.create(tokenUrl.strip());
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException("the url of the token server cannot be read");
        }
        String scheme = url.getScheme() == null ? "" : url.getScheme().toLowerCase(Locale.ROOT);
        boolean isSafe = scheme.equals("https")
            || scheme.equals("http") && LOOPBACK.contains(String.valueOf(url.getHost()));
        if (!isSafe || url.getHost() == null || url.getRawUserInfo() != null) {
            throw new IllegalArgumentException("the url of the token server must be like"
                + " https://login.example.com/token, with no user or password in it");
        }
        if (clientId.isBlank()) {
            throw new IllegalArgumentException("the client id is missing");
        }
        return new ClientCredentials(
            url, clientId, Objects.requireNonNull(secretFile), "", "", false);
    }

    /** With these scopes; without them the server decides. */
    public ClientCredentials scope(String... names) {
        return new ClientCredentials(tokenUrl, clientId, secretFile,
            String.join(" ", List.of(names)), audience, isInBody);
    }

    /** For that audience, which some servers want to know. */
    public ClientCredentials audience(String name) {
        return new ClientCredentials(
            tokenUrl, clientId, secretFile, scope, Objects.requireNonNull(name), isInBody);
    }

    /** Sends id and secret in the body, for servers that do not read them from a header. */
    public ClientCredentials inBody() {
        return new ClientCredentials(tokenUrl, clientId, secretFile, scope, audience, true);
    }

    URI tokenUrl() {
        return tokenUrl;
    }

    String clientId() {
        return clientId;
    }

    Path secretFile() {
        return secretFile;
    }

    String scope() {
        return scope;
    }

    String audience() {
        return audience;
    }

    boolean isInBody() {
        return isInBody;
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return clientId + " at " + tokenUrl;
    }
}

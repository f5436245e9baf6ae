package pactor.cli.operator;

import java.net.URI;
import java.nio.file.Path;
import java.util.Optional;
import tls.TlsFiles;

/**
 * Which server to ask, and as whom. Immutable.
 *
 * @param name by which it is chosen; empty if no file has it
 * @param server scheme, host and port
 * @param tokenFile holds the token; empty if none is sent
 * @param tls who vouches for the server, and what the caller shows it
 */
record CliContext(String name, URI server, Optional<Path> tokenFile, TlsFiles tls) {

    /** What a server on this machine serves by itself. */
    static final URI HERE = URI.create("http://127.0.0.1:8080");

    /** @throws IllegalArgumentException if {@code text} is no address of a server */
    static URI address(String text) {
        URI server;
        try {
            server = URI.create(text);
        } catch (IllegalArgumentException wrong) {
            throw notOne(text);
        }
        boolean isHttp = "http".equals(server.getScheme()) || "https".equals(server.getScheme());
        boolean isBare = server.getRawQuery() == null && server.getRawFragment() == null
            && server.getRawUserInfo() == null
            && (server.getRawPath() == null || server.getRawPath().matches("/?"));
        if (!isHttp || server.getHost() == null || !isBare) {
            throw notOne(text);
        }
        return URI.create(text.endsWith("/") ? text.substring(0, text.length() - 1) : text);
    }

    private static IllegalArgumentException notOne(String text) {
        return new IllegalArgumentException(
            "a server is an address such as https://pactor.example.com:8080, not " + text);
    }
}

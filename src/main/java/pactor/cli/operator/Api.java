package pactor.cli.operator;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.net.URL;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLSocketFactory;
import pactor.settings.ControlCharacters;
import tls.Credentials;
import tls.TlsException;

/**
 * The API of one server. Blocks the calling thread, for half a minute at most. It uses the JDK's
 * old client, which starts faster than the new one.
 */
final class Api {

    private static final int CONNECT_MILLIS = 5_000;
    private static final int READ_MILLIS = 30_000;

    /** A page of the longest list is a few MiB. */
    private static final int BODY_BYTES_MAX = 64 << 20;

    private static final int TOKEN_BYTES_MAX = 16 << 10;

    static {
        // The JDK would send a request once more by itself, without knowing what became of it.
        System.setProperty("sun.net.http.retryPost", "false");
    }

    private final CliContext context;
    private final Optional<String> token;
    private final Optional<SSLSocketFactory> tls;

    /** @throws Failure if the token or a certificate cannot be read */
    Api(CliContext context) {
        this.context = context;
        this.token = context.tokenFile().map(Api::token);
        this.tls = "https".equals(context.server().getScheme()) ? Optional.of(tls(context))
            : Optional.empty();
    }

    String get(String path, Query query) {
        return send("GET", path + query, "");
    }

    String post(String path, String body) {
        return send("POST", path, body);
    }

    String delete(String path) {
        return send("DELETE", path, "");
    }

    /** @return the body of a success */
    String send(String method, String path, String body) {
        try {
            HttpURLConnection connection = open(method, path);
            if (!body.isEmpty()) {
                connection.setDoOutput(true);
                connection.setRequestProperty("Content-Type", "application/json");
                try (OutputStream out = connection.getOutputStream()) {
                    out.write(body.getBytes(StandardCharsets.UTF_8));
                }
            }
            return answer(connection);
        } catch (IOException broken) {
            throw unreachable(broken);
        }
    }

    /** Opens a stream of events, whose lines come as long as it is read. */
    InputStream events(Query query, String after) {
        try {
            HttpURLConnection connection = open("GET", "/api/events" + query);
            connection.setRequestProperty("Accept", "text/event-stream");
            if (!after.isEmpty()) {
                connection.setRequestProperty("Last-Event-ID", after);
            }
            if (connection.getResponseCode() != HttpURLConnection.HTTP_OK) {
                answer(connection);
            }
            return connection.getInputStream();
        } catch (IOException broken) {
            throw unreachable(broken);
        }
    }

    private HttpURLConnection open(String method, String path) throws IOException {
        URL url = new URL(context.server() + path);
        HttpURLConnection connection = (HttpURLConnection) url.openConnection();
        if (connection instanceof HttpsURLConnection https) {
            https.setSSLSocketFactory(tls.orElseThrow());
        }
        connection.setRequestMethod(method);
        connection.setConnectTimeout(CONNECT_MILLIS);
        connection.setReadTimeout(READ_MILLIS);
        connection.setInstanceFollowRedirects(false);
        connection.setUseCaches(false);
        connection.setRequestProperty("Accept", "application/json");
        token.ifPresent(text ->
            connection.setRequestProperty("Authorization", "Bearer " + text));
        return connection;
    }

    private String answer(HttpURLConnection connection) throws IOException {
        int status = connection.getResponseCode();
        boolean isSuccess = status >= 200 && status < 300;
        InputStream stream = status < 400 ? connection.getInputStream()
            : connection.getErrorStream();
        String body = "";
        if (stream != null) {
            try (stream) {
                body = new String(stream.readNBytes(BODY_BYTES_MAX), StandardCharsets.UTF_8);
            }
        }
        if (isSuccess) {
            return body;
        }
        throw refusal(status, said(body));
    }

    private Failure refusal(int status, String said) {
        return switch (status) {
            case 401 -> new Failure(Failure.NOT_PERMITTED, token.isPresent()
                ? "the server does not know the token of " + context.tokenFile().get() + ": " + said
                : "the server wants to know who asks: give a token file (--token-file, or "
                    + "token-file of a context) or a certificate");
            case 403 -> new Failure(Failure.NOT_PERMITTED, said);
            case 429, 502, 503, 504 -> new Failure(Failure.UNAVAILABLE,
                context.server() + " answers " + status + ": " + said);
            case 404, 409, 422 -> new Failure(Failure.REFUSED, said);
            default -> new Failure(Failure.REFUSED, "the server answers " + status + ": " + said);
        };
    }

    /** The words of a problem (RFC 9457), of one of DTM's answers, or of whatever it is. */
    private static String said(String body) {
        String said = body;
        try {
            Json json = Json.parse(body);
            for (String name : new String[] {"detail", "message", "title"}) {
                if (!json.text(name).isEmpty()) {
                    said = json.text(name);
                    break;
                }
            }
        } catch (IOException other) {
            said = body.isBlank() ? "nothing more" : body;
        }
        return ControlCharacters.escaped(Columns.cut(said.strip(), 2_000));
    }

    private Failure unreachable(IOException broken) {
        String why = broken instanceof UnknownHostException ? "there is no such host"
            : broken instanceof ConnectException ? "nobody listens there"
            : broken instanceof SocketTimeoutException ? "no answer in time"
            : broken instanceof SSLException ? "TLS: " + broken.getMessage()
            : String.valueOf(broken.getMessage());
        return new Failure(Failure.UNAVAILABLE, ControlCharacters.escaped(
            context.server() + " cannot be reached: " + why));
    }

    private static String token(Path file) {
        try (InputStream in = Files.newInputStream(file)) {
            String token = new String(in.readNBytes(TOKEN_BYTES_MAX), StandardCharsets.UTF_8)
                .strip();
            if (token.isEmpty() || !token.chars().allMatch(c -> c > ' ' && c < 127)) {
                throw new Failure(Failure.BAD_CONFIGURATION, file + " holds no token");
            }
            return token;
        } catch (IOException unreadable) {
            throw new Failure(Failure.BAD_CONFIGURATION,
                "the token cannot be read: " + unreadable);
        }
    }

    private static SSLSocketFactory tls(CliContext context) {
        try {
            return Credentials.read(context.tls()).forClient().getSocketFactory();
        } catch (TlsException unusable) {
            throw new Failure(Failure.BAD_CONFIGURATION, unusable.getMessage());
        }
    }
}

package prove;

import branch.PlainHttp;
import credential.NoToken;
import credential.ToolCredentials;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;
import transaction.Bytes;
import transaction.Headers;

/** Makes calls. Methods that end in nothing but time are bounded by the request's timeout. */
final class ParticipantClient implements AutoCloseable {

    /** As the coordinator's {@code pactor.calls.connect-timeout}. */
    private static final Duration CONNECT_WITHIN = Duration.ofSeconds(2);

    /** For what the client does behind an answer; calls wait on none of them. */
    private static final int THREADS = 4;

    private final ProveOptions options;
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS, work -> {
        Thread thread = new Thread(work, "prove");
        thread.setDaemon(true);
        return thread;
    });
    private final HttpClient client = client(Optional.empty());

    /** For participants with a TLS of their own. */
    private final Map<SSLContext, HttpClient> others = new ConcurrentHashMap<>();

    ParticipantClient(ProveOptions options) {
        this.options = options;
    }

    private HttpClient client(Optional<SSLContext> tls) {
        HttpClient.Builder builder = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER).connectTimeout(CONNECT_WITHIN)
            .executor(threads);
        tls.ifPresent(builder::sslContext);
        return builder.build();
    }

    private HttpClient clientFor(String url) {
        return options.credentials().tls(url).map(
            tls -> others.computeIfAbsent(tls, own -> client(Optional.of(own)))).orElse(client);
    }

    /** What else the participant is shown, which is in no report. */
    private Map<String, String> shownTo(String url) throws IOException {
        try {
            return options.credentials().headers(url);
        } catch (NoToken none) {
            throw new IOException(none.getMessage(), none);
        }
    }

    /** Sends it, and waits for the answer. */
    CallResult call(PlainHttp call) throws InterruptedException {
        return await(start(call));
    }

    static CallResult await(CompletableFuture<CallResult> started) throws InterruptedException {
        try {
            return started.get();
        } catch (ExecutionException e) {
            throw new IllegalStateException("a reply is made of whatever happens", e.getCause());
        }
    }

    /** Sends it. The future always gets a reply. */
    CompletableFuture<CallResult> start(PlainHttp asked) {
        PlainHttp call;
        Map<String, String> shown;
        try {
            shown = shownTo(asked.url());
            call = asked.with(shown);
        } catch (IOException none) {
            return CompletableFuture.completedFuture(CallResult.none(none.getMessage(), false));
        }
        HttpRequest.Builder request = request(call.url(), call.headers())
            .method(call.method(), call.method().equals("GET")
                ? HttpRequest.BodyPublishers.noBody()
                : HttpRequest.BodyPublishers.ofByteArray(call.body().toArray()));
        CompletableFuture<HttpResponse<byte[]>> sent =
            clientFor(call.url()).sendAsync(
                request.build(), HttpResponse.BodyHandlers.ofByteArray());
        return sent.copy()
            .orTimeout(options.requestTimeout().toMillis(), TimeUnit.MILLISECONDS)
            .handle((answer, failure) -> {
                sent.cancel(true);
                return failure == null ? reply(call, answer, shown) : reply(failure);
            });
    }

    /** @throws IOException if it cannot be read */
    State state() throws IOException, InterruptedException {
        if (options.state().isEmpty()) {
            return State.NONE;
        }
        String url = options.state().get();
        Map<String, String> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
        headers.putAll(options.headers());
        headers.putAll(shownTo(url));
        HttpRequest request = request(url, headers)
            .timeout(options.requestTimeout()).build();
        HttpResponse<byte[]> answer =
            clientFor(url).send(request, HttpResponse.BodyHandlers.ofByteArray());
        if (answer.statusCode() != 200) {
            throw new IOException("it answers " + answer.statusCode());
        }
        return State.of(answer.body(), options.ignored());
    }

    /** Sends it on a connection of its own, which is cut after that time, whatever came. */
    void cut(PlainHttp call, Duration after) throws IOException {
        try (Socket socket = connect(URI.create(call.url()))) {
            // What is unread when it is closed makes the other side see a reset.
            socket.getOutputStream().write(call.with(shownTo(call.url())).wire().toArray());
            socket.getOutputStream().flush();
            LockSupport.parkNanos(after.toNanos());
        }
    }

    /** Sends it on a connection of its own, and cuts that when the answer begins to come. */
    void leaveUnread(PlainHttp call) throws IOException {
        try (Socket socket = connect(URI.create(call.url()))) {
            socket.setSoTimeout((int) options.requestTimeout().toMillis());
            socket.getOutputStream().write(call.with(shownTo(call.url())).wire().toArray());
            socket.getOutputStream().flush();
            socket.getInputStream().read();
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }

    private Socket connect(URI url) throws IOException {
        boolean secure = url.getScheme().equals("https");
        int port = url.getPort() >= 0 ? url.getPort() : secure ? 443 : 80;
        String host = url.getHost().replaceAll("[\\[\\]]", "");
        Socket plain = new Socket();
        try {
            plain.connect(new InetSocketAddress(host, port),
                (int) CONNECT_WITHIN.toMillis());
            SSLSocketFactory tls = options.credentials().tls(url.toString())
                .map(SSLContext::getSocketFactory)
                .orElseGet(() -> (SSLSocketFactory) SSLSocketFactory.getDefault());
            return secure ? checked(tls, plain, host, port) : plain;
        } catch (IOException e) {
            plain.close();
            throw e;
        }
    }

    /** A socket checks no name by itself. */
    private static Socket checked(SSLSocketFactory tls, Socket plain, String host, int port)
            throws IOException {
        SSLSocket socket = (SSLSocket) tls.createSocket(plain, host, port, true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        return socket;
    }

    private static HttpRequest.Builder request(String url, Map<String, String> headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url));
        headers.forEach((name, value) -> {
            if (!Headers.isLeftOut(name) || name.equals("accept-encoding")) {
                request.header(name, value);
            }
        });
        return request;
    }

    private CallResult reply(PlainHttp call, HttpResponse<byte[]> answer,
            Map<String, String> shown) {
        return new CallResult(
            PlainHttp.read(call.url(), answer.statusCode(), answer.headers().map(), answer.body(),
                options.verdicts()).kind(),
            answer.statusCode(), Bytes.of(ToolCredentials.hidden(shown, answer.body())), "",
            false);
    }

    private CallResult reply(Throwable failure) {
        Throwable cause = failure instanceof CompletionException ? failure.getCause() : failure;
        if (cause instanceof TimeoutException) {
            return CallResult.none(
                "no answer within " + options.requestTimeout().toMillis() + " ms", true);
        }
        return CallResult.none(cause instanceof ConnectException ? "nobody takes the connection"
            : "the connection ended without an answer (" + cause.getMessage() + ")", false);
    }
}

package io.pactor.client;

import io.pactor.client.participant.CallBack;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import javax.net.ssl.SSLContext;

/**
 * The coordinators of one installation, and the way to start transactions on them. Safe for use by
 * several threads; one for each application is enough.
 *
 * <p>Nothing is sent when it is made: an application starts without its coordinator. Several urls
 * are tried in turn. What gets no answer, or one that says "later", is sent again with back-off, as
 * long as the caller's time allows; a coordinator that was restarted is found again by itself.
 */
public final class Pactor implements AutoCloseable {

    /** The longest that a caller can wait for a transaction; who waits longer should ask again. */
    public static final Duration WAIT_MAX = Duration.ofDays(1);

    private final Transport transport;
    private final PayloadCodec codec;

    private Pactor(Transport transport, PayloadCodec codec) {
        this.transport = transport;
        this.codec = codec;
    }

    /**
     * With the settings of {@link #builder}.
     *
     * @param urls such as {@code http://localhost:36789}, with or without {@code /api/dtmsvr}
     */
    public static Pactor connect(String... urls) {
        return builder().urls(urls).build();
    }

    public static Builder builder() {
        return new Builder();
    }

    /** A saga with the caller's own id: the same one if it is submitted again. */
    public Saga saga(String gid) {
        return new Saga(this, gid);
    }

    /** A saga with a random id, {@link Saga#gid}. */
    public Saga saga() {
        return saga(Gid.random());
    }

    /** A TCC transaction with the caller's own id. */
    public Tcc tcc(String gid) {
        return new Tcc(this, gid);
    }

    /** A TCC transaction with a random id, {@link Tcc#gid}. */
    public Tcc tcc() {
        return tcc(Gid.random());
    }

    /** An XA transaction with the caller's own id. */
    public Xa xa(String gid) {
        return new Xa(this, gid);
    }

    /** An XA transaction with a random id, {@link Xa#gid}. */
    public Xa xa() {
        return xa(Gid.random());
    }

    /** A two-phase message with the caller's own id: the same one if it is sent again. */
    public Message message(String gid) {
        return new Message(this, gid);
    }

    /** A two-phase message with a random id, {@link Message#gid}. */
    public Message message() {
        return message(Gid.random());
    }

    /**
     * A workflow: code of this application, whose steps are on record. One for each name is enough.
     *
     * @param name under which its transactions are on record; 1 to {@link Workflow#NAME_MAX}
     *     printable characters of ASCII, no space at either end
     * @param input of the body, for the {@link PayloadCodec}; {@code Void} for none
     * @param result of the body, for the codec; {@code Void} for none
     */
    public <I, R> Workflow<I, R> workflow(String name, Class<I> input, Class<R> result,
            Workflow.Body<I, R> body) {
        return new Workflow<>(this, name, input, result, body);
    }

    /**
     * What is on record; empty if there is no such transaction, or none any more. Blocks at most
     * for the {@link Builder#timeout}.
     *
     * @throws UnavailableException if no coordinator answers
     */
    public Optional<TransactionView> query(String gid) {
        Operation operation = operation(gid);
        return operation.await(find(gid, operation));
    }

    /** As {@link #query}, without blocking. */
    public CompletableFuture<Optional<TransactionView>> queryAsync(String gid) {
        Operation operation = operation(gid);
        return operation.handedOut(find(gid, operation));
    }

    /**
     * What the first coordinator that answers says of itself.
     *
     * @throws UnavailableException if none answers
     */
    public ServerInfo server() {
        return server(operation(""));
    }

    /**
     * As {@link #server()}, within {@code time}. For health checks.
     *
     * @throws UnavailableException if none answers
     */
    public ServerInfo server(Duration time) {
        return server(operation("", time));
    }

    private ServerInfo server(Operation operation) {
        return operation.await(transport.send(Request.get(Transport.PATH + "version"), operation)
            .thenApply(answer -> {
                if (answer.status() != 200 || answer.json().isEmpty()) {
                    throw Refusal.of("", answer);
                }
                return Transport.infoOf(answer);
            }));
    }

    /**
     * Says that a call has succeeded which a participant answered with
     * {@link io.pactor.client.participant.Ongoing#untilCompleted}. Blocks at most for the
     * {@link Builder#timeout}. May be repeated.
     *
     * @throws RejectedException if it was refused before (409), or the transaction has ended; if
     *     the token is not that of this call (403); if the coordinator knows no call-backs
     * @throws UnavailableException if nobody knows whether a coordinator has it: say it again
     */
    public void complete(CallBack callBack) {
        CompletedCall.send(this, callBack, "SUCCESS", "");
    }

    /**
     * Says that the participant refuses such a call, with what an answer of 409 would say.
     *
     * @throws RejectedException as {@link #complete}
     * @throws UnavailableException as {@link #complete}
     */
    public void refuse(CallBack callBack, String reason) {
        CompletedCall.send(this, callBack, "FAILURE", reason);
    }

    /** Whether a coordinator answers within {@code time}. For health checks. */
    public boolean isReachable(Duration time) {
        Operation operation = operation("", time);
        try {
            return operation.await(transport.send(Request.get("/api/ping"), operation))
                .status() == 200;
        } catch (PactorException e) {
            return false;
        }
    }

    /** The coordinators, as they are tried. */
    public List<String> urls() {
        return transport.settings().urls().stream().map(URI::toString).toList();
    }

    /** Turns bodies into JSON. */
    public PayloadCodec codec() {
        return codec;
    }

    /** Refuses what is begun later, with {@link IllegalStateException}. Transactions go on. */
    @Override
    public void close() {
        transport.close();
    }

    Transport transport() {
        return transport;
    }

    /** One that lasts as long as the builder says. */
    Operation operation(String gid) {
        return Operation.of(gid, transport.settings().timeout());
    }

    static Operation operation(String gid, Duration time) {
        return Operation.of(gid, checkTime(time));
    }

    static Duration checkTime(Duration time) {
        return Builder.checked("time", time, WAIT_MAX);
    }

    CompletableFuture<Optional<TransactionView>> find(String gid, Operation operation) {
        String encoded = URLEncoder.encode(gid, StandardCharsets.UTF_8);
        Request request = Request.get(Transport.PATH + "query?gid=" + encoded);
        return transport.send(request, operation).thenApply(answer -> {
            if (answer.status() != 200 || !answer.json().containsKey("transaction")) {
                throw Refusal.of(gid, answer);
            }
            return TransactionView.of(answer.json());
        });
    }

    /** How to reach the coordinators. Each setting has a default but {@link #urls}. */
    public static final class Builder {

        /** At most for {@link #requestTimeout}, {@link #timeout}, {@link #connectTimeout}. */
        private static final Duration TIME_MAX = Duration.ofHours(1);
        private static final int ATTEMPTS_MAX = 1_000;
        private static final String AUTHORIZATION = "Authorization";

        private final List<URI> urls = new ArrayList<>();
        private final Map<String, Supplier<String>> headers = new LinkedHashMap<>();
        private PayloadCodec codec;
        private final ClientSecurity security = new ClientSecurity();
        private Duration connectTimeout = Duration.ofSeconds(2);
        private Duration requestTimeout = Duration.ofSeconds(10);
        private Duration timeout = Duration.ofSeconds(30);
        private int attempts = 50;

        private Builder() {}

        /** Where the coordinators are; at least one. */
        public Builder urls(String... all) {
            return urls(List.of(all));
        }

        /** Where the coordinators are; at least one. */
        public Builder urls(List<String> all) {
            urls.clear();
            all.forEach(each -> urls.add(CoordinatorUrls.baseOf(each)));
            return this;
        }

        /** For bodies; {@link PayloadCodec#detect} by default. */
        public Builder codec(PayloadCodec given) {
            codec = Objects.requireNonNull(given);
            return this;
        }

        /**
         * A header of all requests to the coordinator, such as {@code Authorization}.
         *
         * @param value asked before each request, on any thread, so it should not block for long;
         *     null leaves the header out. It is never part of an exception's text
         */
        public Builder header(String name, Supplier<String> value) {
            Call.checked(Map.of(name, ""));
            headers.put(name, Objects.requireNonNull(value));
            return this;
        }

        /**
         * The token of this client, in a file. It goes along with all requests to the coordinator;
         * a file that changes counts within a second. Reads the file.
         *
         * @throws IllegalStateException if there is no token in it
         */
        public Builder tokenFile(Path file) {
            return header(AUTHORIZATION, TokenFile.read(file));
        }

        /**
         * Tokens of an authorization server for all requests to the coordinator. They are fetched
         * when they are needed, and again before they end or once one is refused. Not together with
         * a {@link #tokenFile}.
         */
        public Builder oauth2(ClientCredentials given) {
            security.oauth2(Objects.requireNonNull(given));
            return this;
        }

        /** Of a connection; 2 s by default. Not with {@link #httpClient}. */
        public Builder connectTimeout(Duration limit) {
            connectTimeout = checked("connectTimeout", limit, TIME_MAX);
            return this;
        }

        /** Of one request to one coordinator; 10 s by default. Then the next one is tried. */
        public Builder requestTimeout(Duration limit) {
            requestTimeout = checked("requestTimeout", limit, TIME_MAX);
            return this;
        }

        /** Of calls without a time of their own, repeats included; 30 s by default. */
        public Builder timeout(Duration limit) {
            timeout = checked("timeout", limit, TIME_MAX);
            return this;
        }

        /** How often each url is tried, if time allows; 1 to 1,000, by default 50. */
        public Builder attempts(int count) {
            if (count < 1 || count > ATTEMPTS_MAX) {
                throw new IllegalArgumentException(
                    "attempts must be 1 to " + ATTEMPTS_MAX + ": " + count);
            }
            attempts = count;
            return this;
        }

        /**
         * For {@code https} urls: who is trusted, and what certificate is shown; those of the JVM
         * by default. The coordinator's name is checked in any case. Not with {@link #httpClient}.
         */
        public Builder sslContext(SSLContext given) {
            security.context(Objects.requireNonNull(given));
            return this;
        }

        /**
         * PEM files with the certificate that coordinators are shown, and its key (PKCS #8, without
         * a password). New ones count for new connections within a second. Not together with {@link
         * #sslContext} or {@link #httpClient}.
         */
        public Builder certificate(Path chain, Path privateKey) {
            security.certificate(
                Objects.requireNonNull(chain), Objects.requireNonNull(privateKey));
            return this;
        }

        /**
         * A PEM file with who may vouch for coordinators, in place of those whom the JVM trusts.
         * Followed and not combined as {@link #certificate}.
         */
        public Builder authorities(Path file) {
            security.authorities(Objects.requireNonNull(file));
            return this;
        }

        /** A client of the application's own, as for a proxy. It should follow no redirects. */
        public Builder httpClient(HttpClient given) {
            security.client(Objects.requireNonNull(given));
            return this;
        }

        /**
         * Reads the files.
         *
         * @throws IllegalStateException if no url was given, or a file cannot be used
         */
        public Pactor build() {
            if (urls.isEmpty()) {
                throw new IllegalStateException("the url of a coordinator is missing");
            }
            ClientThreads threads = new ClientThreads();
            ClientSecurity.Clients clients = security.build(
                headers.keySet().stream().anyMatch(AUTHORIZATION::equalsIgnoreCase),
                connectTimeout, threads);
            Transport.Settings settings = new Transport.Settings(List.copyOf(urls),
                clients.authorization(), Map.copyOf(headers), requestTimeout, timeout, attempts,
                threads);
            return new Pactor(
                new Transport(settings, clients.coordinators(), clients.participants()),
                codec == null ? PayloadCodec.detect() : codec);
        }

        private static Duration checked(String name, Duration time, Duration most) {
            if (time.isNegative() || time.isZero() || time.compareTo(most) > 0) {
                throw new IllegalArgumentException(
                    name + " must be more than nothing, and at most " + most + ": " + time);
            }
            return time;
        }
    }
}

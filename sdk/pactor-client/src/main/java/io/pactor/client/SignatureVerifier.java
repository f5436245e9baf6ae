package io.pactor.client;

import io.pactor.client.participant.UnverifiedCall;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Tells a participant whether a coordinator makes a call, and that nobody has changed it on the
 * way: checks the HTTP Message Signature (RFC 9421, Ed25519) that a Pactor coordinator puts on its
 * calls if {@code pactor.calls.signing.key-file} is set.
 *
 * <p>What is proved is the method, the host, the path, the query with gid, branch and operation,
 * the body, and the time, which is at most {@link #AGE_MAX} ago. Not the other headers. In the
 * times between the same call may come twice, as it may from the coordinator itself; a barrier
 * makes that harmless, and {@link Builder#refuseRepeats} is for participants without one.
 *
 * <p>Thread-safe. Blocks when keys have to be read from a coordinator, for a few seconds at most.
 */
public final class SignatureVerifier {

    /** How old a signature may be. */
    public static final Duration AGE_MAX = Duration.ofMinutes(5);

    /** By how much the clocks of both sides may differ. */
    public static final Duration SKEW_MAX = Duration.ofSeconds(60);

    /** Urls of one participant; each may cost one more verification. */
    public static final int REACHED_AT_MAX = 8;

    private static final Duration CONNECT_MAX = Duration.ofSeconds(2);

    private final PublishedKeys keys;
    private final List<Place> places;
    private final RecentNonces nonces;
    private final Clock clock;

    /**
     * Where the coordinator reaches this participant.
     *
     * @param authority as it is signed
     * @param prefix of the paths that proxies in front may have taken away; empty for none
     */
    private record Place(String authority, String prefix) {

        static Place of(URI url) {
            boolean isSecure = "https".equals(url.getScheme());
            return new Place(withoutPort(url.getRawAuthority().toLowerCase(Locale.ROOT),
                isSecure ? ":443" : ":80"), url.getRawPath().replaceAll("/+$", ""));
        }

        /** What path the coordinator has called. */
        String path(String seen) {
            return seen.equals(prefix) || seen.startsWith(prefix + "/") ? seen : prefix + seen;
        }
    }

    private SignatureVerifier(Builder from) {
        this.keys = new PublishedKeys(
            from.keys, from.coordinators, from.client(), from.nanoTime);
        this.places = from.reachedAt.stream().map(Place::of).toList();
        this.nonces = new RecentNonces(from.remembered, AGE_MAX.plus(SKEW_MAX).plus(SKEW_MAX));
        this.clock = from.clock;
    }

    /**
     * Begins with nothing: name the coordinators or their keys, and where this participant is
     * reached.
     */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Checks a call over HTTP. A query with two gids, branches, or operations is refused, too.
     *
     * @param method as in the request, such as {@code POST}
     * @param target path and query as in the request, and as they are encoded there
     * @param headers gives all values of a header by its name, whatever its case; null or an empty
     *     list if there is none
     * @param body all its bytes; empty if there is none
     * @throws UnverifiedCall if it is not certain that a coordinator makes this call, with the
     *     reason
     */
    public void verify(String method, String target, Function<String, List<String>> headers,
            byte[] body) {
        verifyHead(method, target, headers).verify(body);
    }

    /**
     * The same before the body is read, so that strangers cannot have it read.
     *
     * @return what the body must be; the call is verified once that is checked, too
     */
    public ExpectedBody verifyHead(
            String method, String target, Function<String, List<String>> headers) {
        SignedHead head = SignedHead.of(method, target, headers, SignedHead.COVERED);
        verify(head, places.isEmpty() ? ofHost(head.only("host")) : places);
        return new ExpectedBody(head.digest());
    }

    /**
     * Checks a call over gRPC.
     *
     * @param method service and method, as in {@code shop.Stock/Reserve}
     * @param authority that of the call ({@code :authority})
     * @param metadata gives all values of a key in lower case; null or an empty list if there is
     *     none
     * @param message the bytes of the message, as they came
     * @throws UnverifiedCall as {@link #verify}
     */
    public void verifyGrpc(String method, String authority,
            Function<String, List<String>> metadata, byte[] message) {
        List<String> required = new ArrayList<>(SignedHead.COVERED);
        required.addAll(SignedHead.COVERED_BY_GRPC);
        SignedHead head = SignedHead.of("POST", "/" + method, metadata, required);
        verify(head, places.isEmpty() ? ofHost(authority) : places);
        byte[] framed = ByteBuffer.allocate(1 + Integer.BYTES + message.length)
            .put((byte) 0).putInt(message.length).put(message).array();
        new ExpectedBody(head.digest()).verify(framed);
    }

    private void verify(SignedHead head, List<Place> candidates) {
        head.checkTime(clock.instant(), AGE_MAX, SKEW_MAX);
        Ed25519 key = keys.find(head.keyId());
        boolean isRight = candidates.stream().anyMatch(place -> key.verifies(
            head.text(place.authority(), place.path(head.path())), head.signature()));
        if (!isRight) {
            throw SignedHead.refused("the signature is not of this call");
        }
        if (nonces.isOn()) {
            Optional<String> nonce = head.nonce();
            if (nonce.isEmpty() || !nonces.isNew(head.keyId() + nonce.get(), clock.instant())) {
                throw SignedHead.refused("the same call was here before");
            }
        }
    }

    /** Whether the call came over TLS is not known here, so the port of either may be left out. */
    private static List<Place> ofHost(String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        String bare = withoutPort(withoutPort(lower, ":80"), ":443");
        return bare.equals(lower) ? List.of(new Place(lower, ""))
            : List.of(new Place(bare, ""), new Place(lower, ""));
    }

    private static String withoutPort(String authority, String port) {
        return authority.endsWith(port)
            ? authority.substring(0, authority.length() - port.length()) : authority;
    }

    /** What the body of a call must be whose head was found good. */
    public static final class ExpectedBody {

        private final byte[] sha256;

        private ExpectedBody(byte[] sha256) {
            this.sha256 = sha256;
        }

        /** @throws UnverifiedCall if {@code body} is another */
        public void verify(byte[] body) {
            if (!MessageDigest.isEqual(sha256, Ed25519.sha256(body))) {
                throw SignedHead.refused("the body is not the one that was signed");
            }
        }
    }

    /** Says how to verify. Not thread-safe. */
    public static final class Builder {

        private final Map<String, Ed25519> keys = new HashMap<>();
        private final List<URI> coordinators = new ArrayList<>();
        private final List<URI> reachedAt = new ArrayList<>();
        private boolean isAtAnyHost;
        private HttpClient http;
        private Path certificate;
        private Path key;
        private Path authorities;
        private int remembered;
        private Clock clock = Clock.systemUTC();
        private LongSupplier nanoTime = System::nanoTime;

        private Builder() {}

        /**
         * Whose published keys to read, when the first call comes. The keys of all of them count.
         *
         * @param urls of all nodes of a cluster, or of a load balancer. Whoever answers there
         *     decides who may call: use {@code https}, a network that keeps strangers out, or
         *     {@link #keys}
         */
        public Builder coordinators(String... urls) {
            for (String url : urls) {
                coordinators.add(url(url.replaceAll("/+$", "")));
            }
            return this;
        }

        /**
         * Keys that are trusted, whatever is published, as {@code pactor key show} prints them.
         *
         * @param jwkSet a set of JSON Web Keys
         * @throws IllegalArgumentException if it is none
         */
        public Builder keys(String jwkSet) {
            keys.putAll(Ed25519.set(jwkSet));
            return this;
        }

        /**
         * Where the coordinator reaches this participant, as its urls begin. Calls that were made
         * to other services are refused, even if these pass them on to this one. Proxies in front
         * may change the host, or take away the beginning of the path.
         *
         * @param urls as in {@code http://orders:8080} or {@code https://example.com/orders}; at
         *     most {@link #REACHED_AT_MAX}
         */
        public Builder reachedAt(String... urls) {
            for (String url : urls) {
                reachedAt.add(url(url));
            }
            if (reachedAt.size() > REACHED_AT_MAX) {
                throw new IllegalArgumentException(
                    "a participant is reached at " + REACHED_AT_MAX + " urls at most");
            }
            return this;
        }

        /**
         * In place of {@link #reachedAt}: believes the host that a call names. Then a service that
         * a coordinator calls can pass its calls on to this one, while their signatures are good.
         */
        public Builder atAnyHost() {
            isAtAnyHost = true;
            return this;
        }

        /**
         * Refuses a signature that was here before, in this process. For participants without a
         * barrier, in which a call that is made twice is done twice.
         *
         * @param remembered signatures, of about 200 bytes each; the oldest are forgotten beyond
         *     it, so more than there are calls in seven minutes
         */
        public Builder refuseRepeats(int remembered) {
            if (remembered < 1) {
                throw new IllegalArgumentException("it has to remember one at least");
            }
            this.remembered = remembered;
            return this;
        }

        /**
         * PEM files with the certificate that coordinators are shown when their keys are read, and
         * its key, as {@link Pactor.Builder#certificate}. Not together with {@link #httpClient}.
         */
        public Builder certificate(Path chain, Path privateKey) {
            certificate = Objects.requireNonNull(chain, "chain");
            key = Objects.requireNonNull(privateKey, "privateKey");
            return this;
        }

        /**
         * A PEM file with who may vouch for coordinators when their keys are read, in place of
         * those whom the JVM trusts. New ones count for new connections within a second. Not
         * together with {@link #httpClient}.
         */
        public Builder authorities(Path file) {
            authorities = Objects.requireNonNull(file, "file");
            return this;
        }

        /** Reads the keys: with its TLS, proxy, and time to connect. */
        public Builder httpClient(HttpClient client) {
            http = Objects.requireNonNull(client, "client");
            return this;
        }

        /** For tests. */
        Builder clocks(Clock ofDay, LongSupplier nanos) {
            clock = ofDay;
            nanoTime = nanos;
            return this;
        }

        /**
         * @throws IllegalArgumentException if it was not said whom to trust, or where this is
         * @throws IllegalStateException if a file cannot be used, or not with a client
         */
        public SignatureVerifier build() {
            if (keys.isEmpty() && coordinators.isEmpty()) {
                throw new IllegalArgumentException("name the coordinators, or their keys");
            }
            if (reachedAt.isEmpty() != isAtAnyHost) {
                throw new IllegalArgumentException(
                    "say where this participant is reached, or that any host will do");
            }
            return new SignatureVerifier(this);
        }

        /** Null if nothing is to be read. */
        private HttpClient client() {
            boolean isPem = certificate != null || authorities != null;
            if (isPem && http != null) {
                throw new IllegalStateException(
                    "certificate and authorities cannot be combined with httpClient");
            }
            if (http != null || coordinators.isEmpty()) {
                return http;
            }
            HttpClient.Builder own = HttpClient.newBuilder().connectTimeout(CONNECT_MAX);
            return (isPem ? own.sslContext(PemTls.context(certificate, key, authorities)) : own)
                .build();
        }

        private static URI url(String url) {
            URI parsed = URI.create(url);
            if (parsed.getRawAuthority() == null
                    || !List.of("http", "https").contains(parsed.getScheme())) {
                throw new IllegalArgumentException("no url of http or https: " + url);
            }
            return parsed;
        }
    }
}

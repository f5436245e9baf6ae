package io.pactor.client;

import io.pactor.client.StructuredField.Item;
import io.pactor.client.StructuredField.Kind;
import io.pactor.client.participant.UnverifiedCall;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The head of a call, and the signature that a coordinator has put into it, read and checked as far
 * as that needs no key.
 */
final class SignedHead {

    /** By this a coordinator's signature is known among those of others, as of proxies. */
    static final String TAG = "pactor-call";

    /** What must be signed of every call. */
    static final List<String> COVERED =
        List.of("@method", "@authority", "@path", "@query", "content-digest");

    /** What must be signed besides of a call over gRPC: which call it is. */
    static final List<String> COVERED_BY_GRPC =
        List.of("dtm-gid", "dtm-trans_type", "dtm-branch_id", "dtm-op");

    /** In the query, each of these is there once, or it is in doubt which call it is. */
    private static final Set<String> IDENTITY =
        Set.of("gid", "trans_type", "branch_id", "op");

    private static final int COMPONENTS_MAX = 32;

    private final String method;
    private final String path;
    private final String query;
    private final Function<String, List<String>> headers;
    private final Item input;
    private final byte[] signature;

    private SignedHead(String method, String target, Function<String, List<String>> headers) {
        int mark = target.indexOf('?');
        this.method = method;
        this.path = mark < 0 ? target : target.substring(0, mark);
        this.query = mark < 0 ? "?" : target.substring(mark);
        this.headers = headers;
        Map<String, Item> inputs = dictionary("signature-input");
        Map<String, Item> signatures = dictionary("signature");
        String label = label(inputs);
        this.input = inputs.get(label);
        Item value = signatures.get(label);
        if (value == null || value.kind() != Kind.BYTES) {
            throw refused("the signature " + label + " is not there");
        }
        this.signature = Base64.getDecoder().decode(value.value());
    }

    /**
     * @param target path and query as the request names them
     * @param required the components that must be signed
     * @throws UnverifiedCall if there is no signature of a coordinator, or it does not cover what
     *     it must
     */
    static SignedHead of(String method, String target, Function<String, List<String>> headers,
            List<String> required) {
        if (!target.startsWith("/")) {
            throw refused("the target of the request is no path");
        }
        SignedHead head = new SignedHead(method, target, headers);
        head.checkAlgorithm();
        head.checkComponents(required);
        head.checkQuery();
        return head;
    }

    static UnverifiedCall refused(String reason) {
        return new UnverifiedCall(reason, false);
    }

    String keyId() {
        return text("keyid").orElseThrow(() -> refused("the signature names no key"));
    }

    Optional<String> nonce() {
        return text("nonce");
    }

    byte[] signature() {
        return signature;
    }

    String path() {
        return path;
    }

    /** @throws UnverifiedCall if it is not of now */
    void checkTime(Instant now, Duration age, Duration skew) {
        Instant created = time("created").orElseThrow(
            () -> refused("the signature does not say when it was made"));
        if (created.plus(age).isBefore(now)) {
            throw refused("the signature is too old: it is of " + created + ", and it is " + now);
        }
        if (created.minus(skew).isAfter(now)) {
            throw refused("the signature is of the future: of " + created + ", and it is " + now);
        }
        if (time("expires").filter(until -> until.plus(skew).isBefore(now)).isPresent()) {
            throw refused("the signature has expired");
        }
    }

    /** The one value of a header; a second one, or none, puts the call in doubt. */
    String only(String name) {
        List<String> values = values(name);
        if (values.size() != 1) {
            throw refused("the header " + name + (values.isEmpty() ? " is not there"
                : " is there " + values.size() + " times"));
        }
        return StructuredField.trimmed(values.get(0));
    }

    /** The digest of the body that the head names. */
    byte[] digest() {
        Item digest = dictionary("content-digest").get("sha-256");
        if (digest == null || digest.kind() != Kind.BYTES) {
            throw refused("the digest of the body is not there");
        }
        return Base64.getDecoder().decode(digest.value());
    }

    /** The text that is signed (RFC 9421, 2.5), if that is where the call was sent to. */
    byte[] text(String authority, String pathAsSent) {
        StringBuilder text = new StringBuilder(512);
        for (Item component : input.items()) {
            String name = component.value();
            text.append(StructuredField.quoted(name)).append(": ").append(switch (name) {
                case "@method" -> method;
                case "@authority" -> authority;
                case "@path" -> pathAsSent;
                case "@query" -> query;
                default -> only(name);
            }).append('\n');
        }
        return text.append("\"@signature-params\": ").append(input.written()).toString()
            .getBytes(StandardCharsets.UTF_8);
    }

    private static String label(Map<String, Item> inputs) {
        List<String> ours = new ArrayList<>();
        inputs.forEach((label, input) -> {
            Item tag = input.parameters().get("tag");
            if (input.kind() == Kind.LIST && tag != null && tag.value().equals(TAG)) {
                ours.add(label);
            }
        });
        if (ours.size() != 1) {
            throw refused(ours.isEmpty() ? "no signature is a coordinator's"
                : "there are several signatures of coordinators");
        }
        return ours.get(0);
    }

    private void checkAlgorithm() {
        Item algorithm = input.parameters().get("alg");
        if (algorithm != null && !algorithm.value().equals("ed25519")) {
            throw refused("the signature is of another algorithm than ed25519");
        }
    }

    private void checkComponents(List<String> required) {
        Set<String> covered = new HashSet<>();
        if (input.items().size() > COMPONENTS_MAX) {
            throw refused("the signature covers more than " + COMPONENTS_MAX + " components");
        }
        for (Item component : input.items()) {
            String name = component.value();
            boolean isKnown = component.kind() == Kind.STRING && component.parameters().isEmpty()
                && (!name.startsWith("@") || COVERED.contains(name));
            if (!isKnown || !covered.add(name)) {
                throw refused("the signature covers a component in a way that is not known");
            }
        }
        for (String name : required) {
            if (!covered.contains(name)) {
                throw refused("the signature does not cover " + name);
            }
        }
    }

    private void checkQuery() {
        Set<String> seen = new HashSet<>();
        for (String parameter : query.substring(1).split("[&;]")) {
            int equals = parameter.indexOf('=');
            String name = decoded(equals < 0 ? parameter : parameter.substring(0, equals));
            if (IDENTITY.contains(name) && !seen.add(name)) {
                throw refused("the url has " + name + " twice");
            }
        }
    }

    private static String decoded(String name) {
        try {
            return URLDecoder.decode(name, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException broken) {
            throw refused("the query of the url cannot be read");
        }
    }

    private Optional<Instant> time(String name) {
        Item value = input.parameters().get(name);
        if (value != null && value.kind() != Kind.INTEGER) {
            throw refused("the signature has a wrong " + name);
        }
        return Optional.ofNullable(value)
            .map(each -> Instant.ofEpochSecond(Long.parseLong(each.value())));
    }

    private Optional<String> text(String name) {
        Item value = input.parameters().get(name);
        if (value != null && value.kind() != Kind.STRING) {
            throw refused("the signature has a wrong " + name);
        }
        return Optional.ofNullable(value).map(Item::value);
    }

    private Map<String, Item> dictionary(String header) {
        List<String> values = values(header);
        if (values.isEmpty()) {
            throw refused("the call is not signed: the header " + header + " is not there");
        }
        try {
            return StructuredField.dictionary(String.join(", ", values));
        } catch (IllegalArgumentException wrong) {
            throw refused("the header " + header + " cannot be read: " + wrong.getMessage());
        }
    }

    private List<String> values(String name) {
        List<String> values = headers.apply(name);
        return values == null ? List.of() : values;
    }
}

package transaction;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What comes along with a submission and changes nothing about how it is carried out.
 *
 * @param namespace whose transaction it is; a gid is unique within one
 * @param attributes what its initiator wants to find it by
 * @param traceParent the W3C trace context of the request that opened it; may be empty
 * @param traceState what belongs to that context; may be empty
 */
public record Context(
        String namespace, Map<String, String> attributes, String traceParent, String traceState) {

    /** Of all transactions that were not given another one. */
    public static final String DEFAULT_NAMESPACE = "default";

    /**
     * The attribute by which the server says of which transaction this one is {@link Again}: its
     * gid. Clients cannot say it, and it does not count among theirs.
     */
    public static final String AGAIN_OF = "pactor.again_of";

    public static final Context NONE = new Context(DEFAULT_NAMESPACE, Map.of(), "", "");

    public Context {
        attributes = Collections.unmodifiableMap(new LinkedHashMap<>(attributes));
    }

    /** That of a transaction that is found by these. */
    public static Context of(Map<String, String> attributes) {
        return attributes.isEmpty() ? NONE
            : new Context(DEFAULT_NAMESPACE, attributes, "", "");
    }

    /** The same of a transaction in that namespace. */
    Context in(String other) {
        return namespace.equals(other) ? this
            : new Context(other, attributes, traceParent, traceState);
    }

    /** @throws InvalidRequest if {@code name} can be no namespace */
    public static void checkNamespace(String name) {
        InvalidRequest.require(!name.isEmpty(), "no namespace specified");
        InvalidRequest.atMost("namespace", name, Limits.NAMESPACE_CHARS);
        InvalidRequest.require(Chars.all(name, Context::isOfNamespace),
            "a namespace has letters, digits and ._- in it, not: " + name);
    }

    private static boolean isOfNamespace(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
            || c == '.' || c == '_' || c == '-';
    }

    /** The same with other attributes, if there are any. */
    Context overruledBy(Map<String, String> later) {
        return later.isEmpty() ? this : new Context(namespace, later, traceParent, traceState);
    }

    /** @throws InvalidRequest if these cannot be looked for, since none has them */
    public static void checkAttributes(Map<String, String> attributes) {
        int said = attributes.size() - (attributes.containsKey(AGAIN_OF) ? 1 : 0);
        InvalidRequest.require(said <= Limits.ATTRIBUTES,
            "more than " + Limits.ATTRIBUTES + " attributes: " + said);
        attributes.forEach((name, value) -> {
            InvalidRequest.require(!name.isEmpty(), "an attribute has no name");
            InvalidRequest.atMost("the name of an attribute", name, Limits.ATTRIBUTE_CHARS);
            requirePrintable("the name of an attribute", name);
            InvalidRequest.atMost("attribute " + name, value, Limits.ATTRIBUTE_CHARS);
            requirePrintable("attribute " + name, value);
        });
    }

    private static void requirePrintable(String what, String text) {
        InvalidRequest.require(Chars.none(text, Submission::isUnprintable),
            what + " has a character that cannot be printed");
    }

    /** @throws InvalidRequest if a client may not ask for this: see {@link Command#check} */
    void check() {
        checkNamespace(namespace);
        checkAttributes(attributes);
        InvalidRequest.atMost("traceparent", traceParent, Limits.TRACE_PARENT_CHARS);
        InvalidRequest.atMost("tracestate", traceState, Limits.TRACE_STATE_CHARS);
    }
}

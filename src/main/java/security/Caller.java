package security;

import java.util.Objects;
import java.util.Optional;
import transaction.Context;
import transaction.InvalidRequest;

/**
 * Who makes a request. Immutable.
 *
 * @param name as it stands in the identities, the rules or the certificate; never a secret
 * @param role what it may do
 * @param scope to which transactions
 * @param namespace of whose transactions
 * @param mayName whether it may name another namespace
 */
public record Caller(
        String name, Role role, Scope scope, String namespace, boolean mayName) {

    /** The header, or the metadata, in which a caller that may names another namespace. */
    public static final String NAMESPACE_HEADER = "Pactor-Namespace";

    /** Before a role: of all namespaces, one of which is named with each request. */
    private static final String EVERY = "*";

    /** Who asks where nobody has to say who they are: on a developer's own machine. */
    public static final Caller LOCAL = new Caller("", Role.ADMIN, Scope.ALL);

    /** Who is not known, where nothing needs to be: it may do nothing else. */
    public static final Caller NOBODY = new Caller("", Role.NOBODY, Scope.ALL);

    public Caller {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(scope, "scope");
        Objects.requireNonNull(namespace, "namespace");
    }

    /** In the namespace {@code default}; an administrator is one of the whole server. */
    public Caller(String name, Role role, Scope scope) {
        this(name, role, scope, Context.DEFAULT_NAMESPACE, role == Role.ADMIN);
    }

    /**
     * Reads {@code ROLE} or {@code ROLE:SCOPE}, as in {@code client:orders-*}, after
     * {@code NAMESPACE/} if it is for another one than {@code default}.
     *
     * @throws IllegalArgumentException with what is wrong
     */
    static Caller granted(String name, String grant) {
        int slash = grant.indexOf('/');
        int colon = grant.indexOf(':');
        if (slash >= 0 && (colon < 0 || slash < colon)) {
            return withRole(name, grant.substring(slash + 1)).of(grant.substring(0, slash));
        }
        return withRole(name, grant);
    }

    private static Caller withRole(String name, String grant) {
        int colon = grant.indexOf(':');
        String role = colon < 0 ? grant : grant.substring(0, colon);
        Role known = Role.of(role).orElseThrow(() -> new IllegalArgumentException(
            "there is no role \"" + role + "\"; there are " + String.join(", ", Role.names())));
        if (colon >= 0 && known != Role.CLIENT && known != Role.VIEWER) {
            throw new IllegalArgumentException("only client and viewer take a scope, not " + role);
        }
        return new Caller(name, known,
            colon < 0 ? Scope.ALL : Scope.of(grant.substring(colon + 1)));
    }

    private Caller of(String space) {
        if (role == Role.METRICS) {
            throw new IllegalArgumentException(
                "metrics are of the whole server, so the role is in no namespace");
        }
        if (!space.equals(EVERY)) {
            requireNamespace(space);
        }
        return space.equals(EVERY) ? new Caller(name, role, scope, namespace, true)
            : new Caller(name, role, scope, space, false);
    }

    private static void requireNamespace(String space) {
        try {
            Context.checkNamespace(space);
        } catch (InvalidRequest wrong) {
            throw new IllegalArgumentException(wrong.getMessage());
        }
    }

    /** The same, for whom an issuer has another name. */
    Caller named(String other) {
        return new Caller(other, role, scope, namespace, mayName);
    }

    /**
     * This caller in the namespace that a request names.
     *
     * @param named empty if it names none, and so is in its own
     * @return empty if it may not name that one
     */
    public Optional<Caller> in(String named) {
        if (named.isEmpty() || named.equals(namespace)) {
            return Optional.of(this);
        }
        return mayName && isNamespace(named)
            ? Optional.of(new Caller(name, role, scope, named, true)) : Optional.empty();
    }

    private static boolean isNamespace(String named) {
        try {
            Context.checkNamespace(named);
            return true;
        } catch (InvalidRequest wrong) {
            return false;
        }
    }

    /** Whether it has said who it is. */
    public boolean isNamed() {
        return !name.isEmpty();
    }

    public boolean may(Permission permission) {
        return role.has(permission) && (!permission.isOfServer() || mayName
            || namespace.equals(Context.DEFAULT_NAMESPACE));
    }

    /** How it is named to those who read who did something. */
    @Override
    public String toString() {
        return name + " (" + (namespace.equals(Context.DEFAULT_NAMESPACE) ? "" : namespace + "/")
            + role.text() + (scope.isAll() ? "" : ":" + scope) + ")";
    }
}

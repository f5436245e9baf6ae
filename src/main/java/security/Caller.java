package security;

import java.util.Objects;

/**
 * Who makes a request. Immutable.
 *
 * @param name as it stands in the identities, the rules or the certificate; never a secret
 * @param role what it may do
 * @param scope to which transactions
 */
public record Caller(String name, Role role, Scope scope) {

    /** Who asks where nobody has to say who they are: on a developer's own machine. */
    public static final Caller LOCAL = new Caller("", Role.ADMIN, Scope.ALL);

    /** Who is not known, where nothing needs to be: it may do nothing else. */
    public static final Caller NOBODY = new Caller("", Role.NOBODY, Scope.ALL);

    public Caller {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(scope, "scope");
    }

    /**
     * Reads {@code ROLE} or {@code ROLE:SCOPE}, as in {@code client:orders-*}.
     *
     * @throws IllegalArgumentException with what is wrong
     */
    static Caller granted(String name, String grant) {
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

    /** Whether it has said who it is. */
    public boolean isNamed() {
        return !name.isEmpty();
    }

    public boolean may(Permission permission) {
        return role.has(permission);
    }

    /** How it is named to those who read who did something. */
    @Override
    public String toString() {
        return name + " (" + role.text() + (scope.isAll() ? "" : ":" + scope) + ")";
    }
}

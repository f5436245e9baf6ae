package audit;

import java.util.Objects;

/**
 * Who does something. Immutable.
 *
 * @param name as the identities or the rules have it; empty for nobody in particular
 * @param role what it is there for
 * @param how by what it is known: token, certificate, rule, none, or system for the server itself
 * @param address where it calls from; empty for the server itself
 */
public record Who(String name, String role, String how, String address) {

    public Who {
        Objects.requireNonNull(name, "name");
        Objects.requireNonNull(role, "role");
        Objects.requireNonNull(how, "how");
        Objects.requireNonNull(address, "address");
    }

    /** A node, or a command on its machine, under the user of the operating system. */
    public static Who system() {
        return new Who(System.getProperty("user.name", ""), "", "system", "");
    }

    @Override
    public String toString() {
        return (name.isEmpty() ? "somebody" : name) + (role.isEmpty() ? "" : " (" + role + ")")
            + (address.isEmpty() ? "" : " from " + address);
    }
}

package security;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What a caller is there for, and so what it may do. */
public enum Role {

    /** Is not known, and so cannot be given to anybody. */
    NOBODY(),

    /** Begins transactions and follows its own, which are those of its {@link Scope}. */
    CLIENT(Permission.TRANSACT, Permission.READ, Permission.READ_PAYLOADS),

    /** Reads the metrics, and nothing else. */
    METRICS(Permission.METRICS),

    /** Reads everything but payloads. */
    VIEWER(Permission.METRICS, Permission.READ),

    /** Does to all transactions what a person does who is called at night. */
    OPERATOR(Permission.METRICS, Permission.READ, Permission.OPERATE, Permission.TEST),

    /** May do everything. */
    ADMIN(Permission.METRICS, Permission.TRANSACT, Permission.READ, Permission.READ_PAYLOADS,
        Permission.OPERATE, Permission.TEST, Permission.ADMINISTER);

    private final Set<Permission> permissions;

    Role(Permission... permissions) {
        this.permissions = EnumSet.of(Permission.NONE);
        if (permissions.length > 0) {
            this.permissions.add(Permission.KNOWN);
            this.permissions.addAll(Arrays.asList(permissions));
        }
    }

    public boolean has(Permission permission) {
        return permissions.contains(permission);
    }

    /** The role of that name, in whatever case. */
    static Optional<Role> of(String name) {
        return given().filter(role -> role.text().equalsIgnoreCase(name)).findAny();
    }

    /** Its name in configuration and messages. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static List<String> names() {
        return given().map(Role::text).toList();
    }

    private static Stream<Role> given() {
        return Arrays.stream(values()).filter(role -> role != NOBODY);
    }
}

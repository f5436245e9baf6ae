package tls;

import java.util.Locale;

/** Whether clients show a certificate. */
public enum ClientAuth {

    /** They are not asked. */
    NONE,

    /** They may; who shows one that nobody vouches for is refused. */
    OPTIONAL,

    /** Without one there is no connection. */
    REQUIRED;

    /** As it stands in the configuration. */
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}

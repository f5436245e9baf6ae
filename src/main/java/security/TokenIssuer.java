package security;

import java.util.List;

/**
 * Knows the bearers of tokens that somebody else has issued. Thread-safe; no method blocks or
 * throws.
 */
@FunctionalInterface
public interface TokenIssuer {

    /** For a server that knows tokens of its own alone. */
    TokenIssuer NONE = token -> new Wrong("the token is not known");

    /** What was found. */
    sealed interface Verdict {}

    /**
     * The issuer vouches for the bearer.
     *
     * @param subject its name there
     * @param claims what it is there, such as its groups: {@link Identities} say what that allows
     */
    record Bearer(String subject, List<String> claims) implements Verdict {

        public Bearer {
            claims = List.copyOf(claims);
        }
    }

    /** The token is worth nothing. @param why for the log, and not for the caller */
    record Wrong(String why) implements Verdict {}

    /** It cannot be told yet. @param why for the caller */
    record Unsure(String why) implements Verdict {}

    /** Looks at a token of at most {@link Token#CHARS_MAX} characters. */
    Verdict look(String token);
}

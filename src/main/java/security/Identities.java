package security;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import javax.security.auth.x500.X500Principal;

/**
 * Everybody who is known, and by what. Immutable.
 *
 * <p>A line is a name, a role with its scope, and a credential: {@code sha256:} and the hash of a
 * token in hex; {@code subject:} and the distinguished name of a client certificate; {@code san:}
 * and one of its alternative names, a DNS name or a URI; or {@code claim:} and what the issuer of a
 * token must say of its bearer, whose name is the one that the issuer gives. Several lines may have
 * one name, so that a token can be replaced without a moment in which neither is known. Empty lines
 * and those after a {@code #} are passed over.
 */
public final class Identities {

    /** Nobody. */
    public static final Identities NONE = new Identities();

    /** The longest name of a caller, which is written into the record of what it does. */
    public static final int NAME_CHARS_MAX = 100;

    /** Kinds of alternative names, RFC 5280: no others are looked at. */
    private static final Integer DNS_NAME = 2;
    private static final Integer URI = 6;

    private static final String SHA256 = "sha256:";
    private static final String SUBJECT = "subject:";
    private static final String SAN = "san:";
    private static final String CLAIM = "claim:";

    private final Map<Token.Hash, Caller> byToken = new HashMap<>();
    private final Map<X500Principal, Caller> bySubject = new HashMap<>();
    private final Map<String, Caller> byAlternativeName = new HashMap<>();
    /** In the order of the lines: the first that fits decides. */
    private final Map<String, Caller> byClaim = new LinkedHashMap<>();

    private Identities() {}

    /**
     * Reads a file's lines.
     *
     * @throws IllegalArgumentException with the number of the line and what is wrong with it
     */
    public static Identities of(List<String> lines) {
        Identities all = new Identities();
        Lines.read(lines, all::add);
        return all;
    }

    /** These, and the bearer of the token of that hash as administrator. */
    public Identities withAdmin(byte[] hash) {
        return with(hash, new Caller("admin", Role.ADMIN, Scope.ALL));
    }

    /** These, and the bearer of the token of that hash as a client of all gids. */
    public Identities withClient(String name, byte[] hash) {
        return with(hash, new Caller(name, Role.CLIENT, Scope.ALL));
    }

    private Identities with(byte[] hash, Caller caller) {
        Identities more = new Identities();
        more.byToken.putAll(byToken);
        more.bySubject.putAll(bySubject);
        more.byAlternativeName.putAll(byAlternativeName);
        more.byClaim.putAll(byClaim);
        more.byToken.put(new Token.Hash(hash.clone()), caller);
        return more;
    }

    /** Whether somebody is an administrator. */
    public boolean hasAdmin() {
        // Not those of an issuer: it may be away when an administrator is needed most.
        return Stream.of(byToken, bySubject, byAlternativeName)
            .flatMap(each -> each.values().stream())
            .anyMatch(caller -> caller.role() == Role.ADMIN);
    }

    /** How many there are. */
    public int size() {
        return byToken.size() + bySubject.size() + byAlternativeName.size()
            + byClaim.size();
    }

    Optional<Caller> ofToken(String token) {
        return token.length() > Token.CHARS_MAX ? Optional.empty()
            : ofTokenHash(Token.hash(token));
    }

    Optional<Caller> ofTokenHash(byte[] hash) {
        return Optional.ofNullable(byToken.get(new Token.Hash(hash)));
    }

    /** By its alternative names before its subject. */
    Optional<Caller> ofCertificate(X509Certificate certificate) {
        for (String name : alternativeNames(certificate)) {
            Caller known = byAlternativeName.get(name);
            if (known != null) {
                return Optional.of(known);
            }
        }
        return Optional.ofNullable(bySubject.get(certificate.getSubjectX500Principal()));
    }

    /** Of a bearer for whom an issuer vouches: without a line for its claims it may do nothing. */
    Caller ofClaims(String subject, List<String> claims) {
        return byClaim.entrySet().stream().filter(each -> claims.contains(each.getKey()))
            .findFirst().map(Map.Entry::getValue)
            .map(granted -> granted.named(subject))
            .orElseGet(() -> new Caller(subject, Role.NOBODY, Scope.ALL));
    }

    private Caller add(String line) {
        String[] words = line.split("\\s+", 3);
        if (words.length < 3) {
            throw new IllegalArgumentException(
                "a line is NAME ROLE CREDENTIAL, as in \"orders client:orders-* sha256:...\"");
        }
        if (words[0].length() > NAME_CHARS_MAX) {
            throw new IllegalArgumentException(
                "a name has at most " + NAME_CHARS_MAX + " characters");
        }
        Caller caller = Caller.granted(words[0], words[1]);
        if (!isNew(caller, words[2])) {
            throw new IllegalArgumentException("this credential stands there already");
        }
        return caller;
    }

    private boolean isNew(Caller caller, String credential) {
        if (credential.startsWith(SHA256)) {
            byte[] hash;
            try {
                hash = HexFormat.of().parseHex(credential.substring(SHA256.length()));
            } catch (IllegalArgumentException noHex) {
                hash = new byte[0];
            }
            if (hash.length != Token.hash("").length) {
                throw new IllegalArgumentException("after sha256: stand 64 digits in hex");
            }
            return byToken.putIfAbsent(new Token.Hash(hash), caller) == null;
        }
        if (credential.startsWith(SUBJECT)) {
            return bySubject.putIfAbsent(
                new X500Principal(credential.substring(SUBJECT.length())), caller) == null;
        }
        if (credential.startsWith(SAN) && credential.length() > SAN.length()) {
            return byAlternativeName.putIfAbsent(
                credential.substring(SAN.length()), caller) == null;
        }
        if (credential.startsWith(CLAIM) && credential.length() > CLAIM.length()) {
            return byClaim.putIfAbsent(credential.substring(CLAIM.length()), caller) == null;
        }
        throw new IllegalArgumentException("a credential begins with sha256:, subject:, san: or"
            + " claim:, and is never the token itself");
    }

    private static List<String> alternativeNames(X509Certificate certificate) {
        List<String> names = new ArrayList<>();
        try {
            Collection<List<?>> all = certificate.getSubjectAlternativeNames();
            if (all != null) {
                for (List<?> each : all) {
                    boolean isName = each.get(0).equals(DNS_NAME) || each.get(0).equals(URI);
                    if (isName && each.get(1) instanceof String name) {
                        names.add(name);
                    }
                }
            }
        } catch (CertificateParsingException none) {
            // What cannot be read names nobody.
        }
        return names;
    }
}

package credential;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import tls.Credentials;
import tls.TlsException;
import tls.TlsFiles;
import transaction.Chars;

/**
 * A line, and what its files held.
 *
 * @param header empty if it is about TLS
 * @param identity empty if it is not
 */
record CredentialEntry(CredentialLine line, List<byte[]> contents, Optional<Credential> header,
        Optional<Identity> identity) {

    private static final List<String> HTTP_2 = List.of("h2");

    /**
     * @param contents of its files, in their order
     * @param authorities who may vouch for a participant if the line does not say it
     * @throws IllegalArgumentException if a file does not hold what it should
     */
    static CredentialEntry of(CredentialLine line, List<byte[]> contents,
            Optional<Path> authorities) {
        if (line.what() instanceof CredentialLine.Identity own) {
            List<String> protocols = line.site().scheme().equals("grpcs") ? HTTP_2 : List.of();
            return new CredentialEntry(line, contents, Optional.empty(),
                Optional.of(new Identity(context(own.tls(), authorities), protocols)));
        }
        String secret = secret(line.what().files().get(0), contents.get(0));
        return new CredentialEntry(line, contents, Optional.of(header(line.what(), secret)),
            Optional.empty());
    }

    private static Credential header(CredentialLine.What what, String secret) {
        if (what instanceof CredentialLine.Header fixed) {
            return new FixedHeader(fixed.name(), HeaderValue.of(fixed.scheme(), secret));
        }
        TokenServer.Asked asked = ((CredentialLine.OAuth2) what).asked();
        return new FetchedToken(new TokenServer.Asked(asked.url(), asked.client(), secret,
            asked.isInBody(), asked.scope(), asked.audience()));
    }

    private static SSLContext context(TlsFiles own, Optional<Path> authorities) {
        try {
            return Credentials.read(new TlsFiles(own.certificate(), own.key(),
                own.authorities().or(() -> authorities))).forClient();
        } catch (TlsException unusable) {
            throw new IllegalArgumentException(unusable.getMessage());
        }
    }

    /** One line, as it can stand in a header; what is wrong with it is told without it. */
    static String secret(Path file, byte[] content) {
        String text;
        try {
            text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString()
                .strip();
        } catch (CharacterCodingException noText) {
            throw new IllegalArgumentException(file + " is not UTF-8");
        }
        if (text.isEmpty()) {
            throw new IllegalArgumentException(file + " is empty");
        }
        if (text.length() > Bounds.SECRET_CHARS) {
            throw new IllegalArgumentException(
                file + " has more than " + Bounds.SECRET_CHARS + " characters");
        }
        if (!Chars.all(text, c -> c >= ' ' && c < 0x7f)) {
            throw new IllegalArgumentException(file + " has more than one line of printable ASCII");
        }
        return text;
    }

    boolean isOf(CredentialLine other, List<byte[]> now) {
        return line.equals(other) && ParticipantCredentials.isSame(contents, now);
    }
}

package credential;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tls.TlsFiles;
import transaction.Headers;
import transaction.HttpUrl;
import transaction.InvalidRequest;

/**
 * One line of the file: for whom, what, and from which files. There are no secrets in it.
 *
 * @param site all that is called at or below it
 * @param what of which kind
 */
record CredentialLine(Site site, What what) {

    /** What goes along. */
    sealed interface What permits Header, OAuth2, Identity {

        /** The files that are read for it. */
        List<Path> files();
    }

    /**
     * A header.
     *
     * @param scheme stands before what the file holds; may be empty
     */
    record Header(String name, String scheme, Path file) implements What {

        @Override
        public List<Path> files() {
            return List.of(file);
        }
    }

    /** A token of an authorization server; its secret is that of {@code asked} with none. */
    record OAuth2(TokenServer.Asked asked, Path secret) implements What {

        @Override
        public List<Path> files() {
            return List.of(secret);
        }
    }

    /** A certificate, and who may vouch for the participant. */
    record Identity(TlsFiles tls) implements What {

        @Override
        public List<Path> files() {
            return tls.all();
        }
    }

    /** Blanks part words, but not those between quotation marks. */
    private static final Pattern WORD = Pattern.compile("(?:[^\\s\"]|\"[^\"]*\")+");

    private static final List<String> OURS = 
        List.of("content-", "dtm-", "grpc-", "pactor-", "signature");

    /** Allows what could be read on the way. */
    private static final String PLAIN = "plain";

    private static final Predicate<String> ANY = text -> true;

    /** @throws IllegalArgumentException with what is wrong */
    static CredentialLine parse(String text) {
        List<String> words = WORD.matcher(text).results().map(each -> each.group()
            .replace("\"", "")).toList();
        if (text.chars().filter(c -> c == '"').count() % 2 != 0) {
            throw new IllegalArgumentException("a quotation mark is missing");
        }
        Site site = Site.parse(words.get(0));
        String kind = words.size() < 2 ? "" : words.get(1);
        boolean isPlain = words.get(words.size() - 1).equals(PLAIN);
        if (!site.isSecure() && !isPlain) {
            throw new IllegalArgumentException("a credential for " + site + " could be read on the"
                + " way: use https or grpcs, or end the line with the word plain");
        }
        Values values = new Values(words.subList(Math.min(2, words.size()),
            words.size() - (isPlain && words.size() > 2 ? 1 : 0)));
        What what = switch (kind) {
            case "header" -> header(values);
            case "bearer" -> new Header("Authorization", "Bearer", values.file("token-file"));
            case "oauth2" -> oauth2(values);
            case "tls" -> identity(site, values);
            default -> throw new IllegalArgumentException(
                "behind the url stands header, bearer, oauth2 or tls, not \"" + kind + "\"");
        };
        values.refuseOthers();
        return new CredentialLine(site, what);
    }

    private static Header header(Values values) {
        String name = values.required("name", CredentialLine::isHeader);
        return new Header(name, "", values.file("value-file"));
    }

    private static OAuth2 oauth2(Values values) {
        String url = values.required("token-url", CredentialLine::isTokenUrl);
        String client = values.required("client-id", ANY);
        Path secret = values.file("secret-file");
        String auth = values.optional("auth").orElse("header");
        if (!Set.of("header", "body").contains(auth)) {
            throw new IllegalArgumentException("auth is header or body, not \"" + auth + "\"");
        }
        return new OAuth2(new TokenServer.Asked(url, client, "", auth.equals("body"),
            values.optional("scope").orElse(""), values.optional("audience").orElse("")), secret);
    }

    /** A connection is opened before it is known what is asked for on it. */
    private static Identity identity(Site site, Values values) {
        if (!site.isSecure() || !site.isOrigin()) {
            throw new IllegalArgumentException("tls is for https or grpcs, and for a host and a"
                + " port as a whole: write the url without a path");
        }
        Optional<Path> certificate = values.optional("certificate").map(Path::of);
        Optional<Path> key = values.optional("key").map(Path::of);
        Optional<Path> ca = values.optional("ca").map(Path::of);
        if (certificate.isPresent() != key.isPresent()) {
            throw new IllegalArgumentException("certificate and key belong together");
        }
        if (certificate.isEmpty() && ca.isEmpty()) {
            throw new IllegalArgumentException("tls needs certificate and key, or ca, or all");
        }
        return new Identity(new TlsFiles(certificate, key, ca));
    }

    /** What the caller sets itself, or needs to say who is called about what, is nobody's. */
    private static boolean isHeader(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        boolean isOurs = OURS.stream().anyMatch(lower::startsWith)
            || lower.equals("user-agent") || lower.endsWith("-bin");
        return Headers.isMetadataName(lower) && !Headers.isLeftOut(name) && !isOurs;
    }

    private static boolean isTokenUrl(String url) {
        try {
            return HttpUrl.parse(url).userInfo().isEmpty();
        } catch (InvalidRequest wrong) {
            return false;
        }
    }

    /** The words of one line that are {@code name=value}. */
    private static final class Values {

        private static final Pattern VALUE = Pattern.compile("([a-z-]+)=(.+)", Pattern.DOTALL);

        private final Map<String, String> left = new LinkedHashMap<>();

        Values(List<String> words) {
            for (int i = 0; i < words.size(); i++) {
                Matcher value = VALUE.matcher(words.get(i));
                if (!value.matches()) {
                    // Not shown: it may be a secret that somebody has put there.
                    throw new IllegalArgumentException("word " + (i + 3)
                        + " is not name=value, as in token-file=/run/secrets/stock");
                }
                if (left.put(value.group(1), value.group(2)) != null) {
                    throw new IllegalArgumentException(value.group(1) + " stands there twice");
                }
            }
        }

        Optional<String> optional(String name) {
            return Optional.ofNullable(left.remove(name));
        }

        String required(String name, Predicate<String> passes) {
            String value = optional(name).orElseThrow(() ->
                new IllegalArgumentException(name + "= is missing"));
            if (!passes.test(value)) {
                throw new IllegalArgumentException(name + "=" + value + " cannot be used");
            }
            return value;
        }

        Path file(String name) {
            return Path.of(required(name, ANY));
        }

        void refuseOthers() {
            left.keySet().stream().findFirst().ifPresent(name -> {
                throw new IllegalArgumentException("there is no " + name + "= for this kind");
            });
        }
    }
}

package credential;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import transaction.GrpcUrl;
import transaction.HttpUrl;

/** What can stand in a line, and whom it is for. */
class CredentialLineTest {

    @Test
    void eachKindIsRead() {
        assertEquals(new CredentialLine.Header("X-Api-Key", "", Path.of("/s/k")),
            what("https://a.example header name=X-Api-Key value-file=/s/k"));
        assertEquals(new CredentialLine.Header("Authorization", "Bearer", Path.of("/s/t")),
            what("grpcs://a.example:1 bearer token-file=/s/t"));
        CredentialLine.Header quoted =
            (CredentialLine.Header) what("http://a bearer token-file=\"/with blank/t\" plain");
        assertEquals(Path.of("/with blank/t"), quoted.file());
        CredentialLine.OAuth2 token = (CredentialLine.OAuth2) what("https://a.example/v2 oauth2"
            + " token-url=https://idp.example/token?tenant=1 client-id=pactor secret-file=/s/o"
            + " scope=\"read write\" audience=ledger auth=body");
        assertEquals(new TokenServer.Asked("https://idp.example/token?tenant=1", "pactor", "",
            true, "read write", "ledger"), token.asked());
        assertEquals(Path.of("/s/o"), token.secret());
        CredentialLine.Identity tls =
            (CredentialLine.Identity) what("https://a tls certificate=c key=k ca=a");
        assertEquals(3, tls.files().size());
        assertEquals(1, ((CredentialLine.Identity) what("grpcs://a:9 tls ca=a")).files().size());
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
        https://a                                             | not ""
        https://a basic x=y                                   | not "basic"
        a.example header name=a value-file=b                  | begins with the url
        ftp://a header name=a value-file=b                    | begins with the url
        https:// header name=a value-file=b                   | names no host
        https://u:p@a header name=a value-file=b              | no more than scheme
        https://a/?q=1 header name=a value-file=b             | no more than scheme
        https://a/#x header name=a value-file=b               | no more than scheme
        https://a/x/../y header name=a value-file=b           | read in several ways
        https://a/x%2fy header name=a value-file=b            | read in several ways
        grpcs://a header name=a value-file=b                  | names its port
        http://a header name=a value-file=b                   | could be read on the way
        grpc://a:1 bearer token-file=b                        | could be read on the way
        http://a plain                                        | not "plain"
        https://a header name=a                               | value-file= is missing
        https://a header value-file=b                         | name= is missing
        https://a header name=a value-file=b more=c           | there is no more=
        https://a header name=a name=c value-file=b           | name stands there twice
        https://a header name=a value-file                    | word 4 is not name=value
        https://a header name="a value-file=b                 | quotation mark
        https://a bearer token=abc                            | token-file= is missing
        https://a oauth2 client-id=c secret-file=s            | token-url= is missing
        https://a oauth2 token-url=idp client-id=c secret-file=s | token-url=idp cannot be used
        https://a oauth2 token-url=https://i client-id=c secret-file=s auth=jwt | not "jwt"
        https://a tls certificate=c                           | belong together
        https://a tls                                         | tls needs
        https://a/x tls ca=c                                  | without a path
        http://a tls ca=c plain                               | for https or grpcs
        """)
    void whatIsWrongIsSaid(String line, String problem) {
        String said = assertThrows(IllegalArgumentException.class, () -> CredentialLine.parse(line))
            .getMessage();

        assertTrue(said.contains(problem), said);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Host", "content-length", "Content-Type", "Connection", "dtm-gid",
        "grpc-timeout", "Pactor-Token", "x-bin", "user-agent", "two words", "ümlaut"})
    void whatTheCallerSetsItselfIsNoHeaderOfALine(String name) {
        assertThrows(IllegalArgumentException.class,
            () -> CredentialLine.parse("https://a header name=\"" + name + "\" value-file=b"));
    }

    /** The line, the call, whether it covers it. */
    @ParameterizedTest(name = "{0} for {1}: {2}")
    @CsvSource({
        "https://a.example,            https://a.example/any?x=1,      true",
        "https://a.example,            https://A.EXAMPLE:443/,         true",
        "https://a.example,            http://a.example/,              false",
        "https://a.example,            https://a.example:8443/,        false",
        "https://a.example,            https://b.a.example/,           false",
        "https://a.example,            https://a.example.evil.test/,   false",
        "https://a.example,            https://evil.test/a.example,    false",
        "https://a.example,            https://a.example@evil.test/,   false",
        "https://a.example,            https://u@a.example/x,          true",
        "https://a.example,            https://a.example./,            false",
        "https://a.example,            https://a.example/x/../y,       true",
        "https://a.example/v2,         https://a.example/v2,           true",
        "https://a.example/v2,         https://a.example/v2/pay,       true",
        "https://a.example/v2/,        https://a.example/v2/pay,       true",
        "https://a.example/v2,         https://a.example/v20,          false",
        "https://a.example/v2,         https://a.example/V2,           false",
        "https://a.example/v2,         https://a.example/,             false",
        "https://a.example/v2,         https://a.example/v2/../admin,  false",
        "https://a.example/v2,         https://a.example/v2/..,        false",
        "https://a.example/v2,         https://a.example/v2/%2E%2e/a,  false",
        "https://a.example/v2,         https://a.example/v2/.%2e/a,    false",
        "https://a.example/v2,         https://a.example/v2%2f..%2fa,  false",
        "https://a.example/v2,         https://a.example/v2/%252e/a,   false",
        "https://a.example/v2,         https://a.example/v2/..;x/a,    false",
        "https://a.example/v2,         https://a.example//v2/a,        false",
        "https://a.example/v2,         https://a.example/v2/..\\a,     false",
        "https://a.example/v2,         https://a.example/v2/a%20b,     true",
        "https://[::1],                https://[::1]/x,                true",
        "grpcs://a.example:9,          grpcs://a.example:9/p.S/M,      true",
        "grpcs://a.example:9/p.S,      grpcs://a.example:9/p.S/M,      true",
        "grpcs://a.example:9/p.S,      grpcs://a.example:9/p.Srv/M,    false",
        "grpcs://a.example:9,          a.example:9/p.S/M,              false",
        "grpcs://a.example:9,          dns:///a.example:9/p.S/M,       false",
        "grpcs://a.example:443,        https://a.example/p.S/M,        false",
    })
    void itIsForThatHostPortAndPath(String line, String url, boolean covers) {
        Site site = Site.parse(line);
        Site call = HttpUrl.isHttp(url) ? Site.of(HttpUrl.parse(url))
            : Site.of(GrpcUrl.parse(url));

        assertEquals(covers, site.origin().equals(call.origin()) && site.covers(call));
    }

    private static CredentialLine.What what(String line) {
        return CredentialLine.parse(line).what();
    }
}

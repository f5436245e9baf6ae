package security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What browsers send for pages of other sites, and what everybody else sends. */
class BrowserGuardTest {

    private final BrowserGuard guard = new BrowserGuard(
        List.of("pactor.example.com", "*.svc.cluster.local"), List.of("https://ops.example.com"));

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        localhost:8080                   | true
        LOCALHOST                        | true
        app.localhost:8080               | true
        127.0.0.1:8080                   | true
        [::1]:8080                       | true
        10.0.0.7                         | true
        pactor                           | true
        pactor:8080                      | true
        ''                               | true
        pactor.example.com               | true
        Pactor.Example.com.:8080         | true
        a.b.svc.cluster.local            | true
        svc.cluster.local                | false
        0.0.0.0:8080                     | false
        [::]:8080                        | false
        [::ffff:127.0.0.1]:8080          | false
        ip6-localhost:8080               | false
        evil.example                     | false
        evil.example:8080                | false
        pactor.example.com.evil.example  | false
        xpactor.example.com              | false
        127.0.0.1.evil.example           | false
        localhost.evil.example:8080      | false
        """)
    void onlyItsOwnNamesAreAskedForWithoutAToken(String host, boolean allowed) {
        assertEquals(allowed, guard.refuseHost(host).isEmpty());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        localhost:8080 | http://localhost:8080     | same-origin | true
        localhost:8080 | ''                        | none        | true
        localhost:8080 | https://localhost:8080    | ''          | true
        localhost:8080 | https://evil.example      | ''          | false
        localhost:8080 | https://evil.example      | cross-site  | false
        localhost:8080 | ''                        | cross-site  | false
        localhost:8080 | ''                        | same-site   | false
        localhost:8080 | ''                        | CROSS-SITE  | false
        localhost:8080 | http://localhost:3000     | same-site   | false
        localhost:8080 | http://localhost          | ''          | false
        localhost:8080 | http://localhost:80800    | ''          | false
        localhost:8080 | null                      | ''          | false
        localhost:8080 | file://                   | ''          | false
        localhost:8080 | https://ops.example.com   | cross-site  | true
        localhost:8080 | https://ops.example.com.x | cross-site  | false
        """)
    void noPageOfAnotherSiteAsks(String host, String origin, String site, boolean allowed) {
        assertEquals(allowed, guard.refusePage(host, origin, site).isEmpty());
    }

    @Test
    void aRefusalNamesTheSettingAndNoControlCharacter() {
        String told = guard.refuseHost("evil\u0007.example").orElseThrow();
        assertTrue(told.contains("evil?.example") && told.contains("allowed-hosts"), told);
    }

    @Test
    void anyHostIsAllowedIfOneSaysSo() {
        BrowserGuard open = new BrowserGuard(List.of("*"), List.of());
        assertEquals(Optional.empty(), open.refuseHost("evil.example"));
    }
}

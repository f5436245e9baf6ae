package egress;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The lists, and how they and the profile go together. */
@DisplayName("J-01: lists of what may be called")
class EgressRulesTest {

    /** Profile, allow, deny, destination and address, and what is said. */
    private static final String LISTS = """
        dev  |                  |            | http://a.test:80     | 127.0.0.1    | yes
        prod |                  |            | http://a.test:80     | 8.8.8.8      | yes
        prod |                  |            | http://a.test:80     | 127.0.0.1    | loopback
        prod |                  |            | http://a.test:80     | 10.0.0.5     | private
        # A star lets nobody in whom the profile keeps out.
        prod | *                |            | http://a.test:80     | 8.8.8.8      | yes
        prod | *                |            | http://a.test:80     | 10.0.0.5     | private
        prod | *:80             |            | http://a.test:80     | 10.0.0.5     | private
        prod | *, 10.0.0.0/8    |            | http://a.test:80     | 10.0.0.5     | yes
        # A name or a network does.
        prod | 10.0.0.0/8       |            | http://a.test:80     | 10.0.0.5     | yes
        prod | 10.0.0.0/8       |            | http://a.test:80     | 10.255.9.9   | yes
        prod | 10.0.0.0/8       |            | http://a.test:80     | 11.0.0.1     | allow
        prod | a.test           |            | http://a.test:80     | 10.0.0.5     | yes
        prod | A.test.          |            | http://a.test.:80    | 10.0.0.5     | yes
        prod | *.test           |            | http://a.test:80     | 10.0.0.5     | yes
        prod | *.test           |            | http://a.b.test:80   | 10.0.0.5     | yes
        prod | *.test           |            | http://test:80       | 10.0.0.5     | allow
        prod | *.test           |            | http://atest:80      | 8.8.8.8      | allow
        prod | *.test           |            | http://a.test.evil:80 | 8.8.8.8      | allow
        prod | bücher.test      |            | http://xn--bcher-kva.test:80 | 10.0.0.5     | yes
        # This machine is let in by its address only: whoever owns a name could point it there.
        prod | a.test           |            | http://a.test:80     | 127.0.0.1    | loopback
        prod | *.test           |            | http://a.test:80     | ::1          | loopback
        prod | 127.0.0.1        |            | http://a.test:80     | 127.0.0.1    | yes
        prod | 127.0.0.1:3500   |            | http://localhost:3500 | 127.0.0.1    | yes
        prod | 127.0.0.1:3500   |            | http://localhost:3501 | 127.0.0.1    | allow
        prod | 127.0.0.0/8      |            | http://localhost:3500 | ::1          | allow
        # Scheme and port.
        dev  | https://*        |            | https://a.test:443   | 8.8.8.8      | yes
        dev  | https://*        |            | http://a.test:80     | 8.8.8.8      | allow
        dev  | grpc://a.test    |            | grpc://a.test:9000   | 8.8.8.8      | yes
        dev  | grpc://a.test    |            | http://a.test:9000   | 8.8.8.8      | allow
        dev  | *:8000-8999      |            | http://a.test:8000   | 8.8.8.8      | yes
        dev  | *:8000-8999      |            | http://a.test:8999   | 8.8.8.8      | yes
        dev  | *:8000-8999      |            | http://a.test:7999   | 8.8.8.8      | allow
        dev  | *:8000-8999      |            | http://a.test:9000   | 8.8.8.8      | allow
        dev  | [fd00::/8]:8443  |            | http://a.test:8443   | fd12::1      | yes
        dev  | [fd00::/8]:8443  |            | http://a.test:443    | fd12::1      | allow
        dev  | fd00::/8         |            | http://a.test:443    | fd12::1      | yes
        # What is denied is denied, also if it is allowed, and by whatever way it is reached.
        dev  | a.test           | a.test     | http://a.test:80     | 8.8.8.8      | deny
        dev  |                  | 10.0.0.0/8 | http://a.test:80     | 10.0.0.5     | deny
        dev  |                  | 10.0.0.0/8 | http://a.test:80     | 64:ff9b::a00:5 | deny
        dev  |                  | 10.0.0.0/8 | http://a.test:80     | 2002:a00:5:: | deny
        dev  |                  | 8.8.8.8    | http://a.test:80     | 8.8.8.8      | deny
        dev  |                  | *.evil.test:25 | http://a.evil.test:25 | 8.8.8.8      | deny
        dev  |                  | *.evil.test:25 | http://a.evil.test:80 | 8.8.8.8      | yes
        dev  |                  | http://*   | http://a.test:80     | 8.8.8.8      | deny
        dev  |                  | http://*   | https://a.test:443   | 8.8.8.8      | yes
        prod | 64:ff9b::/96     |            | http://a.test:80     | 64:ff9b::a00:5 | yes
        # What is never called.
        prod | 169.254.0.0/16   |            | http://a.test:80     | 169.254.169.254 | link-local
        prod | 169.254.169.254:80 |            | http://a.test:80     | 169.254.169.254 | link-local
        prod | 168.63.129.16    |            | http://a.test:80     | 168.63.129.16 | metadata
        prod | fd00:ec2::254    |            | http://a.test:80     | fd00:ec2::254 | metadata
        prod | metadata.goog    |            | http://metadata.goog:80 | 8.8.8.8   | metadata
        prod | 0.0.0.0          |            | http://a.test:80     | 0.0.0.0      | reserved
        prod | 224.0.0.0/4      |            | http://a.test:80     | 224.0.0.1    | multicast
        # This coordinator's own port, unless that very host and port is allowed.
        dev  |                  |            | http://a.test:36789  | 127.0.0.1    | own-port
        dev  | *                |            | http://a.test:36789  | 127.0.0.1    | own-port
        dev  | 127.0.0.0/8      |            | http://a.test:36789  | 127.0.0.1    | own-port
        dev  | *:36789          |            | http://a.test:36789  | 127.0.0.1    | own-port
        dev  | 127.0.0.1        |            | http://a.test:36789  | 127.0.0.1    | own-port
        dev  | 127.0.0.1:36789  |            | http://a.test:36789  | 127.0.0.1    | yes
        dev  | a.test:36789     |            | http://a.test:36789  | 127.0.0.1    | own-port
        dev  |                  |            | http://a.test:36789  | 8.8.8.8      | yes
        """;

    @ParameterizedTest(name = "{0}: allow [{1}], deny [{2}]: {3} at {4} is {5}")
    @CsvSource(delimiter = '|', textBlock = LISTS)
    void whoIsCalledAtWhichAddress(String profile, String allow, String deny, String destination,
            String address, String said) {
        EgressRules rules = EgressRules.of(
            profile.equals("prod"), list(allow), list(deny), List.of());

        Optional<Refusal> refusal = rules.judge(destination(destination),
            UrlTable.address(address), new OwnPorts(Set.of(UrlTable.OWN_PORT)));

        assertEquals(said, refusal.map(Refusal::rule).orElse("yes"), refusal.toString());
        refusal.ifPresent(each ->
            assertTrue(each.reason().contains(UrlTable.address(address).getHostAddress()),
                "names the address: " + each.reason()));
    }

    @ParameterizedTest(name = "allow [{0}], deny [{1}]: the url {2} is {3}")
    @CsvSource(delimiter = '|', textBlock = """
        orders.test   |               | http://orders.test:80  | yes
        orders.test   |               | http://others.test:80  | allow
        orders.test:1 |               | http://orders.test:80  | allow
        10.0.0.0/8    |               | http://orders.test:80  | yes
        10.0.0.0/8:1  |               | http://orders.test:80  | allow
        10.0.0.0/8    |               | http://8.8.8.8:80      | allow
                      | 10.0.0.0/8    | http://orders.test:80  | yes
                      | 10.0.0.0/8    | http://10.0.0.5:80     | deny
                      | orders.test   | http://orders.test.:80 | deny
                      | http://*      | http://orders.test:80  | deny
                      | 127.0.0.1     | http://localhost:80    | yes
                      | 127.0.0.1,::1 | http://localhost:80    | deny
        """)
    void whatAUrlAloneTells(String allow, String deny, String destination, String said) {
        EgressRules rules = EgressRules.of(false, list(allow), list(deny), List.of());

        Optional<Refusal> refusal = rules.judge(destination(destination), OwnPorts.NONE);

        assertEquals(said, refusal.map(Refusal::rule).orElse("yes"), refusal.toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"*", "*:80", "*:1-65535", "http://*", "HTTPS://Example.COM", "a_b.test",
        "*.example.com:443", "example.com.", "10.0.0.0/8", "0.0.0.0/0", "::/0", "[::1]", "::1",
        "[fd00::/8]:1-2", "grpc://[fd00::/8]:9", "127.0.0.1/32", "bücher.test", "localhost:8080"})
    void isAnEntry(String text) {
        assertTrue(EgressRules.isEntry(text));
        EgressRules.of(true, List.of(text), List.of(text), List.of());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "ftp://example.com", "file:///etc", "://a", "http://", "a:",
        "a:0", "a:65536", "a:9-8", "a:x", "a:1-", "a:-1", "*example.com", "a.*.test", "**", "*.",
        "*.*", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/", "10.0.0.0/08", "10.1.0.0/8",
        "fd00::1/8", "::/129", "10.0.0.0/8/8", "2130706433", "0x7f.1", "127.1", "127.0.0.01",
        "::ffff:10.0.0.0/104", "[10.0.0.1]", "[::1", "[::1]x", "[::1]:", "fe80::1%eth0",
        "http://example.com/path", "user@example.com", "a b", "a..b", "-:x"})
    void isNoEntry(String text) {
        assertFalse(EgressRules.isEntry(text));
        assertThrows(IllegalArgumentException.class,
            () -> EgressRules.of(true, List.of(text), List.of(), List.of()));
    }

    @Test
    void headersAreDeniedInWhateverCase() {
        EgressRules rules =
            EgressRules.of(false, List.of(), List.of(), List.of("Metadata-Flavor"));

        assertFalse(rules.allowsHeader("metadata-FLAVOR"));
        assertTrue(rules.allowsHeader("Authorization"));
    }

    @Test
    void rulesAreEqualIfTheySayTheSame() {
        EgressRules one = EgressRules.of(false, List.of("a"), List.of("b"), List.of("c"));
        assertEquals(one, EgressRules.of(false, List.of("a"), List.of("b"), List.of("C")));
        assertEquals(one.hashCode(),
            EgressRules.of(false, List.of("a"), List.of("b"), List.of("C")).hashCode());
        for (EgressRules other : List.of(
                EgressRules.of(true, List.of("a"), List.of("b"), List.of("c")),
                EgressRules.of(false, List.of("b"), List.of("b"), List.of("c")),
                EgressRules.of(false, List.of("a"), List.of("a"), List.of("c")),
                EgressRules.of(false, List.of("a"), List.of("b"), List.of()))) {
            assertNotEquals(one, other);
        }
    }

    private static List<String> list(String text) {
        return text == null ? List.of()
            : Stream.of(text.split(",")).map(String::strip).toList();
    }

    private static Destination destination(String text) {
        int colon = text.lastIndexOf(':');
        return new Destination(text.substring(0, text.indexOf("://")),
            text.substring(text.indexOf("://") + 3, colon),
            Integer.parseInt(text.substring(colon + 1)));
    }
}

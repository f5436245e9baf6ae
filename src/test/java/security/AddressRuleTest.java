package security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import security.AddressRule.Listener;

/** Which address and listener a rule fits, and what is none. */
class AddressRuleTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        10.0.0.0/8      | 10.1.2.3         | true
        10.0.0.0/8      | 11.1.2.3         | false
        10.1.2.3        | 10.1.2.3         | true
        10.1.2.3        | 10.1.2.4         | false
        10.128.0.0/9    | 10.129.0.1       | true
        10.128.0.0/9    | 10.127.0.1       | false
        0.0.0.0/0       | 203.0.113.9      | true
        0.0.0.0/0       | ::1              | false
        ::/0            | 2001:db8::7      | true
        2001:db8::/32   | 2001:db8:1::7    | true
        2001:db8::/32   | 2001:db9::7      | false
        ::1             | ::1              | true
        10.0.0.0/8      | ::ffff:10.0.0.1  | true
        ::ffff:10.0.0.7 | 10.0.0.7         | true
        """)
    void aRangeContainsWhatBeginsLikeIt(String range, String address, boolean contained)
            throws UnknownHostException {
        assertEquals(contained, AddressRange.of(range).contains(InetAddress.getByName(address)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10", "10.0.0", "10.0.0.256", "10.0.0.0/33", "::/129", "localhost",
        "10.0.0.1/8", "2001:db8::1/32", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/8/8", ":::"})
    void refusesWhatIsNoRange(String text) {
        assertThrows(IllegalArgumentException.class, () -> AddressRange.of(text));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        http 10.0.0.0/8 any client | HTTP | 10.0.0.1 | false | true
        http 10.0.0.0/8 any client | GRPC | 10.0.0.1 | false | false
        any any tls viewer         | GRPC | 10.0.0.1 | true  | true
        any any tls viewer         | GRPC | 10.0.0.1 | false | false
        any any plain viewer       | GRPC | 10.0.0.1 | true  | false
        """)
    void fits(String rule, Listener listener, String address, boolean encrypted, boolean fits)
            throws UnknownHostException {
        Peer peer = new Peer(InetAddress.getByName(address), encrypted, Optional.empty());
        assertEquals(fits, AddressRule.of(rule).fits(listener, peer));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        http 10.0.0.0/8 any              | a rule is LISTENER ADDRESS TLS ROLE
        http 10.0.0.0/8 any client extra | a rule is LISTENER ADDRESS TLS ROLE
        tcp 10.0.0.0/8 any client        | a rule begins with http, grpc or any
        http 10.0.0.1/8 any client       | 10.0.0.1/8 has bits beyond its length
        http some.host any client        | "some.host" is no address
        http 10.0.0.0/8 ssl client       | the third word of a rule is
        http 10.0.0.0/8 any root         | there is no role "root"
        """)
    void refusesWhatIsNone(String rule, String because) {
        var wrong = assertThrows(
            IllegalArgumentException.class, () -> AddressRule.of(rule));
        assertTrue(wrong.getMessage().startsWith(because), wrong.getMessage());
    }

    @Test
    void aFileSaysWhichLineIsWrong() {
        List<String> lines = List.of("# legacy", "any 10.0.0.7 any client:old-*", "x");
        assertTrue(assertThrows(IllegalArgumentException.class, () -> AddressRule.of(lines))
            .getMessage().startsWith("line 3: a rule is"));
        assertEquals(1, AddressRule.of(lines.subList(0, 2)).size());
    }
}

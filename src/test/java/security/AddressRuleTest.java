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

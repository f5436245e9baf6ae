package address;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a range contains, and what is none. */
class AddressRangeTest {

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
        "10.0.0.0/08", "010.0.0.1", "0x7f.1", "127.1", "::ffff:10.0.0.0/104",
        "::ffff:0:0/16", "10.0.0.1/8", "2001:db8::1/32", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/8/8",
        ":::"})
    void refusesWhatIsNoRange(String text) {
        assertThrows(IllegalArgumentException.class, () -> AddressRange.of(text));
    }
}

package transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Urls of HTTP participants, good and bad. */
class HttpUrlTest {

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
        http://127.0.0.1/x        | false | 127.0.0.1     | 80    | /x
        HTTP://127.0.0.1/x        | false | 127.0.0.1     | 80    | /x
        hTTpS://B.Example         | true  | b.example     | 443   | /
        http://b:/x               | false | b             | 80    | /x
        http://b:1/x              | false | b             | 1     | /x
        http://b:65535            | false | b             | 65535 | /
        http://b:00080/x          | false | b             | 80    | /x
        http://snake_case/x       | false | snake_case    | 80    | /x
        http://b.example./x       | false | b.example.    | 80    | /x
        http://bücher/x           | false | xn--bcher-kva | 80    | /x
        http://订单.example/x      | false | xn--4kr132k.example | 80 | /x
        http://[::1]:81/x         | false | ::1           | 81    | /x
        http://[2001:DB8::1]      | false | 2001:db8::1   | 80    | /
        http://me:pw@b:82/x       | false | b             | 82    | /x
        http://me@you@b/x         | false | b             | 80    | /x
        http://b/a b?c=d e#f      | false | b             | 80    | /a%20b?c=d%20e
        http://b/100%?q={"é"}   | false | b             | 80    | /100%25?q=%7B%22%C3%A9%22%7D
        http://b?x=1              | false | b             | 80    | /?x=1
        """)
    void aGoodUrlIsTakenApart(String url, boolean secure, String host, int port, String asked) {
        HttpUrl read = HttpUrl.parse(url);

        assertEquals(secure, read.secure());
        assertEquals(host, read.host());
        assertEquals(port, read.port());
        assertEquals(asked, read.path() + (read.query().isEmpty() ? "" : "?" + read.query()));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
        ftp://b/x                | must start with http:// or https://
        http:/b/x                | must start with http:// or https://
        b/x                      | must start with http:// or https://
        http://                  | names no host
        http:///x                | names no host
        http://:8080/x           | names no host
        http://@/x               | names no host
        http://me:pw@/x          | names no host
        http://?q                | names no host
        http://#f                | names no host
        http://127.0.0.1:99999/x | no port between 1 and 65535
        http://127.0.0.1:0/x     | no port between 1 and 65535
        http://b:-1/x            | no port between 1 and 65535
        http://b:+80/x           | no port between 1 and 65535
        http://b:８０/x           | no port between 1 and 65535
        http://b:http/x          | no port between 1 and 65535
        http://b:80 /x           | no port between 1 and 65535
        http://b:99999999999/x   | no port between 1 and 65535
        http://a:b:80/           | no name or address
        http://[::1/x            | no name or address
        http://::1/x             | no name or address
        http://[]/x              | no name or address
        http://[b]/x             | no name or address
        http://[::1]x/           | no name or address
        http://[:::1]/x          | no name or address
        http://[1::2::3]/x       | no name or address
        http://[::12345]/x       | no name or address
        http://a b/x             | no name or address
        http://a%20b/x           | no name or address
        http://a..b/x            | no name or address
        http://.b/x              | no name or address
        http://a,b/x             | no name or address
        http://a\\b/x            | no name or address
        """)
    void aBadUrlSaysWhatIsWrong(String url, String why) {
        assertRefused(url, why);
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource({"'http://b/\r\nX: y', control character", "'http://b/\t', control character",
        "'http://b/\u007f', control character", "'http://b/\0', control character"})
    void aLineBreakCannotGetIntoTheRequest(String url, String why) {
        assertRefused(url, why);
    }

    @ParameterizedTest
    @CsvSource({"63, 1, true", "64, 1, false", "50, 4, true", "62, 4, true", "63, 4, false"})
    void aNameIsAsLongAsOneThatCanBeLookedUp(int chars, int labels, boolean fine) {
        String url = "http://" + ("a".repeat(chars) + ".").repeat(labels - 1) + "a".repeat(chars);

        if (fine) {
            assertEquals(80, HttpUrl.parse(url).port());
        } else {
            assertRefused(url, "no name or address");
        }
    }

    private static void assertRefused(String url, String why) {
        InvalidRequest wrong = assertThrows(InvalidRequest.class, () -> HttpUrl.parse(url));

        assertTrue(wrong.getMessage().contains(why), wrong.getMessage());
    }
}

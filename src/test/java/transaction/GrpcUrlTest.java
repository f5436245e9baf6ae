package transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Urls of gRPC participants, good and bad. */
class GrpcUrlTest {

    @ParameterizedTest(name = "{0}")
    @CsvSource(delimiter = '|', textBlock = """
        b:58081/busi.Busi/In                 | DIRECT    | b:58081              | busi.Busi/In
        B.Example:80/busi.Busi/In            | DIRECT    | b.example:80         | busi.Busi/In
        snake_case:80/b.B/In                 | DIRECT    | snake_case:80        | b.B/In
        127.0.0.1:80/b.B/In                  | DIRECT    | 127.0.0.1:80         | b.B/In
        [::1]:80/b.B/In                      | DIRECT    | [::1]:80             | b.B/In
        b:80/a/b/c                           | DIRECT    | b:80                 | a/b/c
        dns:///b:80/busi.Busi/In             | DIRECT    | b:80                 | busi.Busi/In
        DNS:///b:80/busi.Busi/In             | DIRECT    | b:80                 | busi.Busi/In
        grpcs://B:80/busi.Busi/In            | DIRECT    | grpcs://b:80         | busi.Busi/In
        GRPCS://[::1]:80/busi.Busi/In        | DIRECT    | grpcs://[::1]:80     | busi.Busi/In
        Static:a:1/b.B/In                    | STATIC    | static:a:1           | b.B/In
        static:a:1/b.B/In                    | STATIC    | static:a:1           | b.B/In
        static:a:1,[::1]:2,c:3/b.B/In        | STATIC    | static:a:1,[::1]:2,c:3 | b.B/In
        static:///a:1,b:2/b.B/In             | STATIC    | static:a:1,b:2       | b.B/In
        discovery:///order-service/b.B/In    | DISCOVERY | discovery:///order-service | b.B/In
        discovery:///a.b_C/b.B/In            | DISCOVERY | discovery:///a.b_C   | b.B/In
        """)
    void aGoodUrlIsTakenApart(String url, GrpcUrl.Kind kind, String target, String method) {
        GrpcUrl parsed = GrpcUrl.parse(url);

        assertEquals(kind, parsed.kind());
        assertEquals(target, parsed.target());
        assertEquals(method, parsed.method());
        assertEquals(target.startsWith("grpcs"), parsed.isSecure());
    }

    @ParameterizedTest(name = "{0}: {1}")
    @CsvSource(delimiter = '|', textBlock = """
        b:80                          | must read host:port/pkg.Service/Method
        b:80/                         | no pkg.Service/Method
        b:80/busi.Busi                | no pkg.Service/Method
        b:80/busi.Busi/               | no pkg.Service/Method
        b:80//In                      | no pkg.Service/Method
        /busi.Busi/In                 | no host:port
        b/busi.Busi/In                | no host:port
        :80/busi.Busi/In              | no host:port
        a@b:80/busi.Busi/In           | no name or address
        a:b:80/busi.Busi/In           | no name or address
        [b]:80/busi.Busi/In           | no name or address
        []:80/busi.Busi/In            | no name or address
        [::1]/busi.Busi/In            | no host:port
        [:::1]:80/busi.Busi/In        | no name or address
        a..b:80/busi.Busi/In          | no name or address
        b:/busi.Busi/In               | no port between 1 and 65535
        b:0/busi.Busi/In              | no port between 1 and 65535
        b:65536/busi.Busi/In          | no port between 1 and 65535
        b:+80/busi.Busi/In            | no port between 1 and 65535
        b:99999999999/busi.Busi/In    | no port between 1 and 65535
        'b:80/busi.Busi/I n'          | no printable ASCII
        b:80/busi.Busi/Ü              | no printable ASCII
        grpc://b:80/busi.Busi/In      | unknown scheme
        consul://r/key/busi.Busi/In   | unknown scheme
        ftp://b:80/busi.Busi/In       | unknown scheme
        grpcs://b/busi.Busi/In        | no host:port
        grpcs://a:1,b:2/busi.Busi/In  | no name or address
        grpcs:///b:80/busi.Busi/In    | no host:port
        dns://8.8.8.8/b:80/b.B/In     | unknown scheme
        dns:///b/busi.Busi/In         | no host:port
        discovery://r/name/b.B/In     | unknown scheme
        discovery:////b.B/In          | no name of a service
        discovery:///a:b/b.B/In       | no name of a service
        discovery:///name             | must read
        discovery:///name/In          | no pkg.Service/Method
        static:/b.B/In                | no host:port
        static:a:1,/b.B/In            | no host:port
        static:a:1,b/b.B/In           | no host:port
        static://a:1/b.B/In           | no host:port
        """)
    void aBadUrlSaysWhatIsWrong(String url, String why) {
        InvalidRequest wrong = assertThrows(InvalidRequest.class, () -> GrpcUrl.parse(url));

        assertTrue(wrong.getMessage().contains(why), wrong.getMessage());
    }

    @Test
    void theNumberOfInstancesIsBounded() {
        List<String> most = java.util.Collections.nCopies(Limits.ADDRESSES_OF_A_SERVICE, "a:1");
        String url = most.stream().collect(Collectors.joining(",", "static:", "/b.B/In"));

        assertEquals(Limits.ADDRESSES_OF_A_SERVICE, GrpcUrl.parse(url).addresses().size());
        assertThrows(InvalidRequest.class,
            () -> GrpcUrl.parse(url.replaceFirst("a:1", "a:1,a:1")));
    }
}

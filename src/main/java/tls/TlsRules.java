package tls;

import java.util.Arrays;
import java.util.List;
import javax.net.ssl.SSLContext;

/** What TLS may be here, on either side: versions 1.2 and 1.3, and no key is of use for long. */
public final class TlsRules {

    /** The versions, the better one first. */
    public static final List<String> PROTOCOLS = List.of("TLSv1.3", "TLSv1.2");

    private TlsRules() {}

    /** The suites of that context which keep old traffic secret, and whose integrity is sound. */
    public static List<String> suites(SSLContext context) {
        return Arrays.stream(context.getDefaultSSLParameters().getCipherSuites())
            .filter(TlsRules::isGood).toList();
    }

    private static boolean isGood(String suite) {
        boolean isOfThree = suite.startsWith("TLS_AES_") || suite.startsWith("TLS_CHACHA20_");
        boolean isSealed = suite.contains("_GCM_") || suite.contains("_CHACHA20_");
        return isOfThree || suite.startsWith("TLS_ECDHE_") && isSealed;
    }
}

package signature;

import java.util.List;

/** Keys as the standards print them. */
final class Rfc {

    /** RFC 9421, B.1.4. */
    static final List<String> ED25519 = List.of(
        "-----BEGIN PRIVATE KEY-----",
        "MC4CAQAwBQYDK2VwBCIEIJ+DYvh6SEqVTm50DFtMDoQikTmiCqirVv9mWG9qfSnF",
        "-----END PRIVATE KEY-----");

    /** RFC 8037, A.1: the same as a PKCS #8 file has it. */
    static final List<String> RFC_8037 = List.of(
        "-----BEGIN PRIVATE KEY-----",
        "MC4CAQAwBQYDK2VwBCIEIJ1hsZ3v/VpguoRK9JLsLMREScVpezJpGXA7rAMcrn9g",
        "-----END PRIVATE KEY-----");

    private Rfc() {}
}

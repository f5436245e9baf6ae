package signature;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** It makes what the standard and the JDK make. */
class Ed25519SignerTest {

    private static final HexFormat HEX = HexFormat.of();

    /** RFC 8032, 7.1: tests 1, 2, 3 and SHA(abc). */
    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60 | \
        d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a | '' | \
        e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e06522490155\
        5fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b
        4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb | \
        3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c | 72 | \
        92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da\
        085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00
        c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7 | \
        fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025 | af82 | \
        6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac\
        18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a
        833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42 | \
        ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf | \
        ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a\
        2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f | \
        dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b589\
        09351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704
        """)
    void theVectorsOfTheStandard(String seed, String key, String text, String signature) {
        Ed25519Signer signer = new Ed25519Signer(HEX.parseHex(seed));
        assertEquals(key, HEX.formatHex(signer.publicKey()));
        assertEquals(signature, HEX.formatHex(signer.sign(HEX.parseHex(text))));
    }

    @Test
    void itSignsAsTheJdkDoes() throws GeneralSecurityException {
        Random random = new Random(8032);
        for (int i = 0; i < 60; i++) {
            byte[] seed = new byte[32];
            random.nextBytes(seed);
            // Few bits or many, too.
            Arrays.fill(seed, 0, i % 33, (byte) (i % 2 == 0 ? 0 : 255));
            byte[] text = new byte[random.nextInt(400)];
            random.nextBytes(text);
            PrivateKey key = KeyFactory.getInstance("Ed25519").generatePrivate(
                new EdECPrivateKeySpec(NamedParameterSpec.ED25519, seed));
            Signature jdk = Signature.getInstance("Ed25519");
            jdk.initSign(key);
            jdk.update(text);
            assertArrayEquals(jdk.sign(), new Ed25519Signer(seed).sign(text),
                () -> HEX.formatHex(seed) + " " + HEX.formatHex(text));
        }
    }
}

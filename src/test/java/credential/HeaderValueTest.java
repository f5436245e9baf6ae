package credential;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A secret stays one, whatever a participant says. */
class HeaderValueTest {

    @ParameterizedTest
    @CsvSource({
        "nothing of it,                      nothing of it",
        "got Bearer s3cr3t-canary,           got Bearer ***",
        "got s3cr3t-canary and s3cr3t-canary,got *** and ***",
        "cut within s3cr3t-ca,               cut within ***",
        "cut within s3cr,                    cut within ***",
        "too little to tell s3c,             too little to tell s3c",
    })
    void whatAParticipantRepeatsIsHidden(String said, String shown) {
        HeaderValue value = HeaderValue.of("Bearer", "s3cr3t-canary");

        assertEquals(shown, value.hiddenIn(said));
        assertEquals("***", value.toString());
        assertEquals("Bearer s3cr3t-canary", value.reveal());
    }

    @ParameterizedTest
    @CsvSource({"Basic czNjcjN0, no access for czNjcjN0", "abc, abc"})
    void soIsWhatStandsBehindTheNameOfAScheme(String header, String said) {
        String secret = header.substring(header.indexOf(' ') + 1);

        assertFalse(HeaderValue.of("", header).hiddenIn(said).contains(secret));
    }
}

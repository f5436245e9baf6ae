package pactor.doctor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.typesafe.config.ConfigFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import oidc.TestIssuer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import pactor.doctor.Diagnosis.Verdict;
import pactor.settings.OidcSettings;
import pactor.settings.Settings;

/** What the doctor says of the issuer. */
class IssuerDoctorTest {

    @TempDir
    private Path dir;

    private OidcSettings settings(String... keys) {
        return Settings.of(ConfigFactory.parseString(String.join("\n", keys))
            .withFallback(ConfigFactory.defaultReference()).resolve()).security().oidc();
    }

    @Test
    void theIssuerIsAskedForItsKeys() throws Exception {
        Path who = Files.writeString(dir.resolve("who"), "* viewer claim:team");
        try (TestIssuer issuer = TestIssuer.start(TestIssuer.key("one", "ES256"))) {
            OidcSettings settings = settings(
                "pactor.security.identities-file = \"" + who + "\"",
                "pactor.security.oidc.issuer = \"" + issuer.url() + "\"",
                "pactor.security.oidc.audience = pactor");
            Diagnosis well = IssuerDoctor.look(settings).orElseThrow();
            assertEquals(Verdict.OK, well.verdict());
            assertTrue(well.found().contains("answers with 1 keys"), well.found());
            issuer.answerWith(404);
            Diagnosis ill = IssuerDoctor.look(settings).orElseThrow();
            assertEquals(Verdict.FAIL, ill.verdict());
            assertTrue(ill.found().contains("answers with 404"), ill.found());
        }
    }

    @Test
    void withoutAnIssuerThereIsNothingToSay() {
        assertEquals(Optional.empty(), IssuerDoctor.look(settings()));
    }
}

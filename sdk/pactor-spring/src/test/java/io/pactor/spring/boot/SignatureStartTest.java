package io.pactor.spring.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.pactor.client.Pactor;
import io.pactor.client.SignatureVerifier;
import io.pactor.spring.participant.SignatureGuard;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.autoconfigure.AutoConfigurations;
import org.springframework.boot.test.context.runner.WebApplicationContextRunner;

/** Signatures are verified if a property says so, and never by half. */
class SignatureStartTest {

    @TempDir
    private Path dir;

    private final WebApplicationContextRunner runner = new WebApplicationContextRunner()
        .withConfiguration(AutoConfigurations.of(
            PactorAutoConfiguration.class, SignatureAutoConfiguration.class));

    private final WebApplicationContextRunner on =
        runner.withPropertyValues("pactor.participant.verify-signatures=true");

    @Test
    void it_is_off_unless_it_is_turned_on() {
        runner.run(context -> assertThat(context).doesNotHaveBean(SignatureGuard.class));
        runner.withPropertyValues("pactor.participant.verify-signatures=false")
            .run(context -> assertThat(context).doesNotHaveBean(SignatureGuard.class));
    }

    /** The coordinator is not asked: it may not be there yet. */
    @ParameterizedTest
    @CsvSource({"base-url,http://orders:8080", "reached-at,'http://orders:8080,https://x/orders'",
        "reached-at,*"})
    void it_starts_without_its_coordinator(String property, String value) {
        on.withPropertyValues("pactor.participant." + property + "=" + value,
                "pactor.url=http://127.0.0.1:1")
            .run(context -> assertThat(context).hasSingleBean(SignatureVerifier.class)
                .hasSingleBean(SignatureGuard.class));
    }

    @ParameterizedTest
    @CsvSource({"pactor.timeout=3s,pactor.participant.reached-at",
        "'pactor.participant.base-url=http://a,pactor.participant.unsigned-modes=saga',tcc",
        "'pactor.participant.base-url=http://a,pactor.participant.signing-keys=no.json',no.json",
        "pactor.participant.reached-at=orders:8080,no url"})
    void what_cannot_be_verified_does_not_start(String properties, String said) {
        on.withPropertyValues(properties.split(","))
            .run(context -> assertThat(context.getStartupFailure()).rootCause()
                .hasMessageContaining(said));
    }

    @Test
    void keys_of_a_file_are_read_at_the_start() throws Exception {
        Path broken = Files.writeString(dir.resolve("keys.json"), "{}");
        on.withPropertyValues("pactor.participant.base-url=http://a",
                "pactor.participant.signing-keys=" + broken)
            .run(context -> assertThat(context.getStartupFailure()).rootCause()
                .hasMessageContaining("no set of JSON Web Keys"));
    }

    /** Keys come by the same TLS as everything else that coordinators say. */
    @Test
    void keys_are_read_with_the_files_of_tls() {
        on.withPropertyValues("pactor.participant.reached-at=*", "pactor.url=https://pactor",
                "pactor.tls.authorities=" + dir.resolve("none.crt"))
            .withBean(Pactor.class, () -> Pactor.builder().urls("https://pactor").build())
            .run(context -> assertThat(context.getStartupFailure())
                .hasMessageContaining("pactorSignatureVerifier").rootCause()
                .hasMessageContaining("none.crt"));
    }

    /** For a proxy, and the like. */
    @Test
    void an_application_may_bring_its_own_verifier() {
        SignatureVerifier own = SignatureVerifier.builder()
            .coordinators("https://pactor").atAnyHost().build();
        on.withBean(SignatureVerifier.class, () -> own)
            .run(context -> assertThat(context.getBean(SignatureVerifier.class)).isSameAs(own));
    }
}

package io.pactor.spring.boot;

import io.pactor.client.SignatureVerifier;
import io.pactor.spring.participant.SignatureGuard;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.web.servlet.DispatcherServlet;

/** Verifies the signatures of calls, if a property says so. */
@AutoConfiguration(after = PactorAutoConfiguration.class)
@ConditionalOnProperty("pactor.participant.verify-signatures")
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass(DispatcherServlet.class)
public class SignatureAutoConfiguration {

    private static final List<String> ANY = List.of("*");

    private static final Set<String> UNSIGNED = Set.of("tcc", "xa", "workflow");

    /** It reads keys when the first call comes: the application starts without its coordinator. */
    @Bean
    @ConditionalOnMissingBean
    SignatureVerifier pactorSignatureVerifier(PactorProperties properties,
            ObjectProvider<CoordinatorUrl> embedded) throws IOException {
        PactorProperties.Participant participant = properties.participant();
        SignatureVerifier.Builder builder = SignatureVerifier.builder();
        CoordinatorUrl own = embedded.getIfAvailable();
        if (participant.signingKeys() != null) {
            builder.keys(Files.readString(participant.signingKeys()));
        } else if (own != null) {
            builder.coordinators(own.url());
        } else {
            properties.url().forEach(builder::coordinators);
            Optional.ofNullable(properties.tls()).ifPresent(tls -> Identity.add(tls, builder));
        }
        List<String> places = participant.reachedAt().isEmpty() && !participant.baseUrl().isEmpty()
            ? List.of(participant.baseUrl()) : participant.reachedAt();
        if (places.isEmpty()) {
            throw new IllegalArgumentException("pactor.participant.verify-signatures needs"
                + " pactor.participant.reached-at: where coordinators reach this application, as"
                + " in http://orders:8080, or * to take calls that were made to any host");
        }
        return places.equals(ANY) ? builder.atAnyHost().build()
            : builder.reachedAt(places.toArray(String[]::new)).build();
    }

    @Bean
    SignatureGuard pactorSignatureGuard(
            PactorProperties properties, SignatureVerifier verifier) {
        Set<String> unsigned = Set.copyOf(properties.participant().unsignedModes());
        if (!UNSIGNED.containsAll(unsigned)) {
            throw new IllegalArgumentException(
                "pactor.participant.unsigned-modes takes tcc, xa and workflow, and not "
                    + unsigned);
        }
        return SignatureGuard.of(verifier, unsigned);
    }
}

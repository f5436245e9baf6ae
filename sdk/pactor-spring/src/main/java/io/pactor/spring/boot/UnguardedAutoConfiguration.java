package io.pactor.spring.boot;

import io.pactor.spring.participant.UnguardedParticipants;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.context.annotation.Bean;

/** Refuses the participants of an application that has no JDBC to guard them with. */
@AutoConfiguration
@ConditionalOnMissingClass("org.springframework.jdbc.datasource.ConnectionHolder")
public class UnguardedAutoConfiguration {

    @Bean
    static UnguardedParticipants pactorUnguardedParticipants() {
        return new UnguardedParticipants();
    }
}

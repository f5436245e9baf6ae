package io.pactor.spring.boot;

import io.pactor.client.Pactor;
import io.pactor.client.PayloadCodec;
import io.pactor.spring.transaction.GlobalTransactionPostProcessor;
import io.pactor.spring.transaction.TccPostProcessor;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.context.annotation.Bean;

/** Global transactions by {@code @GlobalTransaction}, with branches by {@code @Tcc}. */
@AutoConfiguration(after = PactorAutoConfiguration.class)
public class GlobalTransactionAutoConfiguration {

    /** Static and lazy: it comes before nearly all other beans. */
    @Bean
    static GlobalTransactionPostProcessor pactorGlobalTransactionPostProcessor(
            ObjectProvider<Pactor> pactor) {
        return new GlobalTransactionPostProcessor(pactor);
    }

    /** Static and lazy: it comes before nearly all other beans. */
    @Bean
    static TccPostProcessor pactorTccPostProcessor(ObjectProvider<PayloadCodec> codec) {
        return new TccPostProcessor(codec);
    }
}

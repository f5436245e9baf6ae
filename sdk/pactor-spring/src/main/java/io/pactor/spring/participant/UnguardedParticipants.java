package io.pactor.spring.participant;

import java.util.stream.Stream;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.config.BeanPostProcessor;

/** For applications without the barrier: one that has a participant does not start. */
public final class UnguardedParticipants implements BeanPostProcessor {

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        Class<?> type = AopUtils.getTargetClass(bean);
        Stream.of(Participant.class, Xa.class)
            .flatMap(each -> ParticipantMethods.annotated(type, each).keySet().stream())
            .findFirst().ifPresent(method -> {
                throw new ParticipantException(
                    "bean '" + beanName + "', " + method + " has no barrier to guard it",
                    "Add spring-jdbc and a database to the application.");
            });
        return bean;
    }
}

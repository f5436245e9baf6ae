package io.pactor.spring.participant;

import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.core.MethodIntrospector;
import org.springframework.core.annotation.AnnotatedElementUtils;

/** For applications without the barrier: one that has a participant does not start. */
public final class UnguardedParticipants implements BeanPostProcessor {

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        MethodIntrospector.selectMethods(AopUtils.getTargetClass(bean),
            (MethodIntrospector.MetadataLookup<Participant>) method -> AnnotatedElementUtils
                .findMergedAnnotation(method, Participant.class)).keySet().forEach(method -> {
                    throw new ParticipantException(
                        "bean '" + beanName + "', " + method + " has no barrier to guard it",
                        "Add spring-jdbc and a database to the application.");
                });
        return bean;
    }
}

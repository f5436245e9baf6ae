package io.pactor.spring.participant;

import java.util.Arrays;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.springframework.aop.framework.Advised;
import org.springframework.aop.framework.AopProxyUtils;
import org.springframework.aop.framework.autoproxy.AbstractBeanFactoryAwareAdvisingPostProcessor;
import org.springframework.aop.framework.autoproxy.AutoProxyUtils;
import org.springframework.aop.support.AopUtils;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.annotation.AnnotationMatchingPointcut;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.FactoryBean;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.annotation.AnnotationUtils;

/**
 * Puts the barrier around participants: as the innermost advice, whatever the order of the others
 * is, so that the transaction has begun. Checks each participant when its bean is made, and when
 * all are there, that each has the barrier.
 */
public final class ParticipantPostProcessor extends AbstractBeanFactoryAwareAdvisingPostProcessor
        implements SmartInitializingSingleton {

    private static final long serialVersionUID = 1;

    private final transient ObjectProvider<Barriers> barriers;
    private final transient ObjectProvider<ReplyConverter> replies;
    private transient ParticipantMethods methods;
    private transient ConfigurableListableBeanFactory beans;

    /** Both are looked up for the first participant: a post processor comes before most beans. */
    public ParticipantPostProcessor(ObjectProvider<Barriers> barriers,
            ObjectProvider<ReplyConverter> replies) {
        this.barriers = barriers;
        this.replies = replies;
    }

    @Override
    public void setBeanFactory(BeanFactory beanFactory) {
        super.setBeanFactory(beanFactory);
        beans = (ConfigurableListableBeanFactory) beanFactory;
        methods = new ParticipantMethods(beans,
            dataSource -> barriers.getObject().of(dataSource));
        this.advisor = new DefaultPointcutAdvisor(
            new AnnotationMatchingPointcut(null, Participant.class, true),
            new LazyInterceptor());
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        Class<?> type = AopUtils.getTargetClass(bean);
        if (isEligible(type)) {
            methods.check(beanName, type);
        }
        return super.postProcessAfterInitialization(bean, beanName);
    }

    /** A bean that was made too early, or stands behind another proxy, has not come by here. */
    @Override
    public void afterSingletonsInstantiated() {
        for (String name : beans.getBeanDefinitionNames()) {
            Object bean = beans.containsSingleton(name) ? beans.getSingleton(name) : null;
            if (bean != null && !(bean instanceof FactoryBean) && !isMock(bean)
                    && !isGuarded(bean)) {
                refuse(name, AutoProxyUtils.determineTargetClass(beans, name));
            }
        }
    }

    private static void refuse(String name, Class<?> type) {
        if (type == null || !AnnotationUtils.isCandidateClass(type, Participant.class)) {
            return;
        }
        ParticipantMethods.annotated(type).keySet().stream().findFirst().ifPresent(method -> {
            throw new ParticipantException(
                "bean '" + name + "', " + method + " has no barrier: its bean was made before that"
                    + " could be put around it, or another proxy hides it",
                "Let no bean post-processor depend on it, and let no other proxy be opaque.");
        });
    }

    /** A test that puts one in the place of a participant means that nothing is done. */
    private static boolean isMock(Object bean) {
        return bean.getClass().getName().contains("$MockitoMock$");
    }

    /** In its own proxy, or in one behind it. */
    private boolean isGuarded(Object bean) {
        Object each = bean;
        while (each instanceof Advised advised) {
            if (Arrays.stream(advised.getAdvisors()).anyMatch(one -> one == advisor)) {
                return true;
            }
            each = AopProxyUtils.getSingletonTarget(each);
        }
        return false;
    }

    /** Made with the first call, when all beans are there. */
    private final class LazyInterceptor implements MethodInterceptor {

        private volatile ParticipantInterceptor made;

        @Override
        public Object invoke(MethodInvocation invocation)
                throws Throwable {
            ParticipantInterceptor interceptor = made;
            if (interceptor == null) {
                interceptor = new ParticipantInterceptor(methods, replies.getObject());
                made = interceptor;
            }
            return interceptor.invoke(invocation);
        }
    }
}

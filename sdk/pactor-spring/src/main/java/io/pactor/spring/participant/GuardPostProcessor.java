package io.pactor.spring.participant;

import java.lang.annotation.Annotation;
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
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.annotation.AnnotationUtils;

/**
 * Puts a guard around methods with an annotation: as the innermost advice, whatever the order of
 * the others is. Checks each when its bean is made, and when all are there, that each has the
 * guard.
 */
abstract class GuardPostProcessor extends AbstractBeanFactoryAwareAdvisingPostProcessor
        implements SmartInitializingSingleton {

    private static final long serialVersionUID = 1;

    private final Class<? extends Annotation> annotation;
    private transient ConfigurableListableBeanFactory beans;

    GuardPostProcessor(Class<? extends Annotation> annotation) {
        this.annotation = annotation;
    }

    /** When the beans are known, and before the first of them is checked. */
    abstract void init(ConfigurableListableBeanFactory factory);

    /** @throws ParticipantException if an annotated method of this class cannot be safe */
    abstract void check(String beanName, Class<?> type);

    /** Made with the first call, when all beans are there. */
    abstract MethodInterceptor interceptor();

    @Override
    public final void setBeanFactory(BeanFactory beanFactory) {
        super.setBeanFactory(beanFactory);
        beans = (ConfigurableListableBeanFactory) beanFactory;
        init(beans);
        this.advisor = new DefaultPointcutAdvisor(
            new AnnotationMatchingPointcut(null, annotation, true), new LazyInterceptor());
    }

    @Override
    public final Object postProcessAfterInitialization(Object bean, String beanName) {
        Class<?> type = AopUtils.getTargetClass(bean);
        if (isEligible(type)) {
            check(beanName, type);
        }
        return super.postProcessAfterInitialization(bean, beanName);
    }

    /** A bean that was made too early, or stands behind another proxy, has not come by here. */
    @Override
    public final void afterSingletonsInstantiated() {
        for (String name : beans.getBeanDefinitionNames()) {
            Object bean = beans.containsSingleton(name) ? beans.getSingleton(name) : null;
            if (bean != null && !(bean instanceof FactoryBean) && !isMock(bean)
                    && !isGuarded(bean)) {
                refuse(name, AutoProxyUtils.determineTargetClass(beans, name));
            }
        }
    }

    private void refuse(String name, Class<?> type) {
        if (type == null || !AnnotationUtils.isCandidateClass(type, annotation)) {
            return;
        }
        ParticipantMethods.annotated(type, annotation).keySet().stream().findFirst()
            .ifPresent(method -> {
                throw new ParticipantException(
                    "bean '" + name + "', " + method + " has no barrier: its bean was made before"
                        + " that could be put around it, or another proxy hides it",
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

    private final class LazyInterceptor implements MethodInterceptor {

        private volatile MethodInterceptor made;

        @Override
        public Object invoke(MethodInvocation invocation)
                throws Throwable {
            MethodInterceptor interceptor = made;
            if (interceptor == null) {
                interceptor = interceptor();
                made = interceptor;
            }
            return interceptor.invoke(invocation);
        }
    }
}

package io.pactor.spring.transaction;

import io.pactor.client.Pactor;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.springframework.aop.framework.autoproxy.AbstractBeanFactoryAwareAdvisingPostProcessor;
import org.springframework.aop.support.AopUtils;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.annotation.AnnotationMatchingPointcut;
import org.springframework.beans.factory.ObjectProvider;

/**
 * Puts global transactions around methods with {@link GlobalTransaction}: as the outermost advice,
 * so that the local transaction has ended when they end. Checks each when its bean is made.
 */
public final class GlobalTransactionPostProcessor
        extends AbstractBeanFactoryAwareAdvisingPostProcessor {

    private static final long serialVersionUID = 1;

    /** It is looked up for the first call: a post processor comes before most beans. */
    public GlobalTransactionPostProcessor(ObjectProvider<Pactor> pactor) {
        setBeforeExistingAdvisors(true);
        setProxyTargetClass(true); // As Boot makes other proxies: beans are asked for by class.
        this.advisor = new DefaultPointcutAdvisor(
            new AnnotationMatchingPointcut(null, GlobalTransaction.class, true),
            new LazyInterceptor(pactor));
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        Class<?> type = AopUtils.getTargetClass(bean);
        if (isEligible(type)) {
            GlobalTransactionMethods.check(beanName, type);
        }
        return super.postProcessAfterInitialization(bean, beanName);
    }

    /** Made with the first call, when all beans are there. */
    private static final class LazyInterceptor implements MethodInterceptor {

        private final ObjectProvider<Pactor> pactor;
        private volatile GlobalTransactionInterceptor made;

        LazyInterceptor(ObjectProvider<Pactor> pactor) {
            this.pactor = pactor;
        }

        @Override
        public Object invoke(MethodInvocation invocation) throws Throwable {
            GlobalTransactionInterceptor interceptor = made;
            if (interceptor == null) {
                interceptor = new GlobalTransactionInterceptor(pactor.getObject());
                made = interceptor;
            }
            return interceptor.invoke(invocation);
        }
    }
}

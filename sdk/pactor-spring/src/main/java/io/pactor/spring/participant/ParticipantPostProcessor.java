package io.pactor.spring.participant;

import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.springframework.aop.framework.autoproxy.AbstractBeanFactoryAwareAdvisingPostProcessor;
import org.springframework.aop.support.AopUtils;
import org.springframework.aop.support.DefaultPointcutAdvisor;
import org.springframework.aop.support.annotation.AnnotationMatchingPointcut;
import org.springframework.beans.factory.BeanFactory;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.beans.factory.ObjectProvider;

/**
 * Puts the barrier around participants: as the innermost advice, whatever the order of the others
 * is, so that the transaction has begun. Checks each participant when its bean is made.
 */
public final class ParticipantPostProcessor extends AbstractBeanFactoryAwareAdvisingPostProcessor {

    private static final long serialVersionUID = 1;

    private final transient ObjectProvider<Barriers> barriers;
    private final transient ObjectProvider<ReplyConverter> replies;
    private transient ParticipantMethods methods;

    /** Both are looked up for the first participant: a post processor comes before most beans. */
    public ParticipantPostProcessor(ObjectProvider<Barriers> barriers,
            ObjectProvider<ReplyConverter> replies) {
        this.barriers = barriers;
        this.replies = replies;
    }

    @Override
    public void setBeanFactory(BeanFactory beanFactory) {
        super.setBeanFactory(beanFactory);
        methods = new ParticipantMethods((ListableBeanFactory) beanFactory,
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

package io.pactor.spring.transaction;

import io.pactor.client.PayloadCodec;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import org.springframework.aop.framework.ProxyFactory;
import org.springframework.aop.support.AopUtils;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.AnnotationUtils;
import org.springframework.util.ClassUtils;

/** Makes branches of the {@link Tcc} methods of clients that are made of an interface. */
public final class TccPostProcessor implements BeanPostProcessor, Ordered {

    private final ObjectProvider<PayloadCodec> codec;

    /** It is looked up for the first answer: a post processor comes before most beans. */
    public TccPostProcessor(ObjectProvider<PayloadCodec> codec) {
        this.codec = codec;
    }

    @Override
    public int getOrder() {
        return LOWEST_PRECEDENCE;
    }

    @Override
    public Object postProcessAfterInitialization(Object bean, String beanName) {
        Class<?> type = AopUtils.getTargetClass(bean);
        if (!Proxy.isProxyClass(type)) {
            checkNone(beanName, type);
            return bean;
        }
        Class<?>[] interfaces = ClassUtils.getAllInterfaces(bean);
        TccClient client = new TccClient(beanName, bean, interfaces, codec::getObject);
        if (!client.hasBranches()) {
            return bean;
        }
        ProxyFactory factory = new ProxyFactory(interfaces);
        factory.setTarget(bean);
        factory.addAdvice(client);
        return factory.getProxy(type.getClassLoader());
    }

    /** That a class implements an interface with one is right: it serves the calls. */
    private static void checkNone(String bean, Class<?> type) {
        if (!AnnotationUtils.isCandidateClass(type, Tcc.class)) {
            return;
        }
        Arrays.stream(ClassUtils.getUserClass(type).getDeclaredMethods())
            .filter(method -> method.isAnnotationPresent(Tcc.class)).map(Method::toString)
            .findFirst().ifPresent(method -> {
                throw new GlobalTransactionException(
                    "bean '" + bean + "', " + method + " is a @Tcc of a class",
                    "Put it at the method of the interface by which others call it; what serves"
                        + " the call is a @Participant.");
            });
    }
}

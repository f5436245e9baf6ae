package io.pactor.spring.participant;

import io.pactor.client.Pactor;
import java.util.function.Supplier;
import org.aopalliance.intercept.MethodInterceptor;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/** Puts the first phase around methods with {@link Xa}. */
public final class XaPostProcessor extends GuardPostProcessor {

    private static final long serialVersionUID = 1;

    private final transient ObjectProvider<Barriers> barriers;
    private final transient ObjectProvider<ReplyConverter> replies;
    private final transient ObjectProvider<Pactor> pactor;
    private final transient Supplier<String> baseUrl;
    private transient XaMethods methods;

    /**
     * All are looked up for the first such method: a post processor comes before most beans.
     *
     * @param baseUrl where the coordinator reaches the application; empty if that is not known
     */
    public XaPostProcessor(ObjectProvider<Barriers> barriers,
            ObjectProvider<ReplyConverter> replies, ObjectProvider<Pactor> pactor,
            Supplier<String> baseUrl) {
        super(Xa.class);
        this.barriers = barriers;
        this.replies = replies;
        this.pactor = pactor;
        this.baseUrl = baseUrl;
    }

    XaMethods methods() {
        return methods;
    }

    @Override
    void init(ConfigurableListableBeanFactory factory) {
        methods =
            new XaMethods(factory, barriers::getObject, pactor::getObject, baseUrl);
    }

    @Override
    void check(String beanName, Class<?> type) {
        methods.check(beanName, type);
    }

    @Override
    MethodInterceptor interceptor() {
        return new XaInterceptor(methods, replies.getObject());
    }
}

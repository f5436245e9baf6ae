package io.pactor.spring.participant;

import org.aopalliance.intercept.MethodInterceptor;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;

/**
 * Puts the barrier around participants, within the transaction's advice, so that the transaction
 * has begun.
 */
public final class ParticipantPostProcessor extends GuardPostProcessor {

    private static final long serialVersionUID = 1;

    private final transient ObjectProvider<Barriers> barriers;
    private final transient ObjectProvider<ReplyConverter> replies;
    private transient ParticipantMethods methods;

    /** Both are looked up for the first participant: a post processor comes before most beans. */
    public ParticipantPostProcessor(ObjectProvider<Barriers> barriers,
            ObjectProvider<ReplyConverter> replies) {
        super(Participant.class);
        this.barriers = barriers;
        this.replies = replies;
    }

    @Override
    void init(ConfigurableListableBeanFactory factory) {
        methods = new ParticipantMethods(factory,
            dataSource -> barriers.getObject().of(dataSource));
    }

    @Override
    void check(String beanName, Class<?> type) {
        methods.check(beanName, type);
    }

    @Override
    MethodInterceptor interceptor() {
        return new ParticipantInterceptor(methods, replies.getObject());
    }
}

package io.pactor.spring.participant;

import io.pactor.client.participant.BranchCall;
import io.pactor.client.participant.Passage;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.springframework.aop.support.AopUtils;
import org.springframework.transaction.interceptor.TransactionAspectSupport;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * Takes a call through the barrier, between the transaction's advice and the method. It never
 * commits and never opens a connection; whatever is thrown rolls the transaction back.
 */
final class ParticipantInterceptor implements MethodInterceptor {

    private final ParticipantMethods methods;
    private final ReplyConverter replies;

    ParticipantInterceptor(ParticipantMethods methods, ReplyConverter replies) {
        this.methods = methods;
        this.replies = replies;
    }

    @Override
    public Object invoke(MethodInvocation invocation) throws Throwable {
        Class<?> type = invocation.getThis() == null ? invocation.getMethod().getDeclaringClass()
            : AopUtils.getTargetClass(invocation.getThis());
        ParticipantMethod participant = methods.of(invocation.getMethod(), type);
        BranchContext context = BranchContext.served(participant.method());
        context.reached(participant.method());
        try {
            participant.checkOperation(context.branch());
            participant.checkTransaction();
        } catch (ParticipantException e) {
            context.failed(e);
            throw e;
        }
        TransactionSynchronizationManager.registerSynchronization(new CommitWatch(context));
        try {
            return passed(invocation, participant, context.branch());
        } catch (Throwable thrown) {
            // Spring would commit after a checked exception, or as noRollbackFor says: the row of
            // the barrier would stand for work that the answer denies.
            TransactionAspectSupport.currentTransactionStatus().setRollbackOnly();
            context.failed(thrown);
            throw thrown;
        }
    }

    private Object passed(MethodInvocation invocation, ParticipantMethod participant,
            BranchCall call) throws Throwable {
        Passage passage = participant.barrier().enter(call);
        if (passage.isOpen()) {
            Object result = invocation.proceed();
            participant.barrier().record(call, replies.write(result, participant.method()));
            return result;
        }
        if (passage instanceof Passage.Repeated repeated) {
            return replies.read(repeated.reply(), participant.method());
        }
        if (passage instanceof Passage.NothingToUndo) {
            return replies.nothing(participant.method());
        }
        throw ((Passage.UndoneBefore) passage).refusal(call);
    }

    /** Success is told when the database has committed, not when the method has returned. */
    private static final class CommitWatch extends SavepointAware {

        private final BranchContext context;

        CommitWatch(BranchContext context) {
            this.context = context;
        }

        @Override
        public void afterCompletion(int status) {
            if (status == STATUS_COMMITTED && !isUndone()) {
                context.committed();
            }
        }
    }
}

package io.pactor.spring.participant;

import io.pactor.client.participant.JdbcBarrier;
import io.pactor.client.participant.Reply;
import java.sql.Connection;
import java.util.List;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.springframework.aop.support.AopUtils;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionSynchronizationUtils;

/**
 * Runs a method with {@link Xa} as the first phase: on the connection that is then prepared, bound
 * to the thread as that of a transaction of Spring's is.
 */
final class XaInterceptor implements MethodInterceptor {

    private final XaMethods methods;
    private final ReplyConverter replies;

    XaInterceptor(XaMethods methods, ReplyConverter replies) {
        this.methods = methods;
        this.replies = replies;
    }

    @Override
    public Object invoke(MethodInvocation invocation) throws Throwable {
        XaMethod xa = methods.of(invocation.getMethod(),
            AopUtils.getTargetClass(invocation.getThis()));
        BranchContext context = BranchContext.served(xa.method());
        context.reached(xa.method());
        try {
            check(xa, context);
            FirstPhase work = new FirstPhase(invocation, xa);
            Reply reply = xa.participant().run(
                context.branch(), methods.baseUrl() + context.path(), work);
            context.committed();
            return work.isDone ? work.result : replies.read(reply, xa.method());
        } catch (BodyException e) {
            context.failed(e.getCause());
            throw e.getCause();
        } catch (Throwable e) {
            context.failed(e);
            throw e;
        }
    }

    private static void check(XaMethod xa, BranchContext context) {
        if (!context.branch().op().equals("action") || context.path() == null) {
            throw new ParticipantException(
                xa.method() + " is @Xa, and was not called over HTTP for op=action",
                "Let the calls of coordinators and initiators reach it through Spring MVC alone.");
        }
        if (TransactionSynchronizationManager.isSynchronizationActive()) {
            throw new ParticipantException(
                xa.method() + " is @Xa, and was called in a transaction of Spring's",
                "Call it outside: it has a transaction of its own.");
        }
    }

    /** What a method has thrown that a body cannot. */
    private static final class BodyException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        BodyException(Throwable cause) {
            super(cause);
        }
    }

    /** The method, on that connection. */
    private final class FirstPhase implements JdbcBarrier.Body {

        private final MethodInvocation invocation;
        private final XaMethod xa;
        private boolean isDone;
        private Object result;

        FirstPhase(MethodInvocation invocation, XaMethod xa) {
            this.invocation = invocation;
            this.xa = xa;
        }

        @Override
        public Reply run(Connection connection) {
            ConnectionHolder holder = new ConnectionHolder(connection, true);
            TransactionSynchronizationManager.bindResource(xa.dataSource(), holder);
            TransactionSynchronizationManager.initSynchronization();
            TransactionSynchronizationManager.setActualTransactionActive(true);
            try {
                result = invocation.proceed();
                checkConnection();
                TransactionSynchronizationUtils.triggerBeforeCommit(false);
                if (holder.isRollbackOnly()) {
                    throw new IllegalStateException(
                        xa.method() + " returned, and its transaction is marked to roll back");
                }
                isDone = true;
                return replies.write(result, xa.method());
            } catch (RuntimeException | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new BodyException(e);
            } finally {
                unbind();
            }
        }

        /** What an entity manager has not flushed yet would be lost without a word. */
        private void checkConnection() {
            for (TransactionSynchronization each
                    : TransactionSynchronizationManager.getSynchronizations()) {
                if (each.getClass().getName().startsWith("org.springframework.orm.")) {
                    throw new ParticipantException(
                        xa.method() + " is @Xa, and used JPA, which has a connection of its own",
                        "Use JDBC in it.");
                }
            }
        }

        /** Whether it commits, nobody knows yet. */
        private void unbind() {
            TransactionSynchronizationUtils.triggerBeforeCompletion();
            List<TransactionSynchronization> all =
                TransactionSynchronizationManager.getSynchronizations();
            TransactionSynchronizationManager.clearSynchronization();
            TransactionSynchronizationManager.setActualTransactionActive(false);
            TransactionSynchronizationManager.unbindResource(xa.dataSource());
            TransactionSynchronizationUtils.invokeAfterCompletion(
                all, TransactionSynchronization.STATUS_UNKNOWN);
        }
    }
}

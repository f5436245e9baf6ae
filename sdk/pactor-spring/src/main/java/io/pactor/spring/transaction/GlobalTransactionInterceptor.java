package io.pactor.spring.transaction;

import io.pactor.client.BranchRefusedException;
import io.pactor.client.Outcome;
import io.pactor.client.Pactor;
import io.pactor.client.Tcc;
import io.pactor.client.TccBranches;
import io.pactor.client.participant.BranchCall;
import io.pactor.spring.participant.BranchContext;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.Optional;
import org.aopalliance.intercept.MethodInterceptor;
import org.aopalliance.intercept.MethodInvocation;
import org.springframework.context.expression.MethodBasedEvaluationContext;
import org.springframework.core.DefaultParameterNameDiscoverer;
import org.springframework.expression.ExpressionParser;
import org.springframework.expression.spel.standard.SpelExpressionParser;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.util.ClassUtils;

/** Begins a global transaction around a method, or joins the one that is there. */
final class GlobalTransactionInterceptor implements MethodInterceptor {

    private static final boolean HAS_LOCAL = ClassUtils.isPresent(
        "org.springframework.transaction.support.TransactionSynchronizationManager",
        GlobalTransactionInterceptor.class.getClassLoader());

    private final Pactor pactor;
    private final ExpressionParser parser = new SpelExpressionParser();
    private final DefaultParameterNameDiscoverer names = new DefaultParameterNameDiscoverer();

    GlobalTransactionInterceptor(Pactor pactor) {
        this.pactor = pactor;
    }

    @Override
    public Object invoke(MethodInvocation invocation) throws Throwable {
        Method method = GlobalTransactionMethods.specific(invocation);
        GlobalTransaction annotation = GlobalTransactionMethods.annotation(method);
        Optional<BranchCall> served = BranchContext.current();
        boolean isThere = OpenTransaction.current().isPresent() || served.isPresent();
        return switch (annotation.propagation()) {
            case NEVER -> {
                check(!isThere, method, "must not be called in a global transaction");
                yield invocation.proceed();
            }
            case SUPPORTS -> isThere ? joined(invocation, method) : invocation.proceed();
            case MANDATORY -> {
                check(isThere, method, "must be called in a global transaction, and there is none");
                yield joined(invocation, method);
            }
            case REQUIRED -> isThere ? joined(invocation, method)
                : begun(invocation, method, annotation);
        };
    }

    private static void check(boolean isRight, Method method, String problem) {
        if (!isRight) {
            throw new IllegalStateException(method + " " + problem);
        }
    }

    private Object joined(MethodInvocation invocation, Method method) throws Throwable {
        if (OpenTransaction.current().isPresent()) {
            return invocation.proceed();
        }
        BranchCall served = BranchContext.current().orElseThrow();
        check(served.mode().equals("tcc") && served.op().equals("try"), method,
            "cannot join the " + served + ": only the try of a TCC can have branches of its own");
        TccBranches nested = Tcc.branchesWithin(pactor, served);
        return proceed(invocation, new OpenTransaction(nested, GlobalContext.current()
            .orElseThrow()));
    }

    private Object begun(MethodInvocation invocation, Method method, GlobalTransaction annotation)
            throws Throwable {
        check(!HAS_LOCAL || !TransactionSynchronizationManager.isActualTransactionActive(), method,
            "begins a global transaction and was called in a local one, which commits only after"
                + " the branches were confirmed: call it outside");
        Tcc tcc = annotation.gid().isEmpty() ? pactor.tcc()
            : pactor.tcc(gid(invocation, method, annotation.gid()));
        if (annotation.timeout() > 0) {
            tcc.timeoutToFail(Duration.ofSeconds(annotation.timeout()));
        }
        if (!annotation.name().isEmpty()) {
            tcc.attribute("name", annotation.name());
        }
        Body body = new Body(invocation);
        Outcome outcome = tcc.run(body::run);
        if (outcome instanceof Outcome.RolledBack rolledBack) {
            throw new GlobalRollbackException(tcc.gid(), rolledBack.reason(), body.refusal);
        }
        if (outcome instanceof Outcome.InProgress open && open.status().equals("aborting")) {
            throw new GlobalRollbackException(tcc.gid(), body.refusal == null
                ? "it is being rolled back" : body.refusal.getMessage(), body.refusal);
        }
        return body.result;
    }

    private String gid(MethodInvocation invocation, Method method, String expression) {
        String gid = parser.parseExpression(expression).getValue(new MethodBasedEvaluationContext(
            invocation.getThis(), method, invocation.getArguments(), names), String.class);
        check(gid != null && !gid.isBlank(), method, "has no gid by " + expression);
        return gid;
    }

    private static Object proceed(MethodInvocation invocation, OpenTransaction open)
            throws Exception {
        return open.call(() -> {
            try {
                return invocation.proceed();
            } catch (Exception | Error e) {
                throw e;
            } catch (Throwable e) {
                throw new IllegalStateException(e);
            }
        });
    }

    /** The method within its transaction, and what became of it. */
    private static final class Body {

        private final MethodInvocation invocation;
        private Object result;
        private BranchRefusedException refusal;

        Body(MethodInvocation invocation) {
            this.invocation = invocation;
        }

        void run(TccBranches tx) throws Exception {
            try {
                result = proceed(invocation, new OpenTransaction(tx,
                    new GlobalContext(tx.gid(), "tcc", "", "")));
            } catch (BranchRefusedException e) {
                refusal = e;
                throw e;
            }
        }
    }
}

package io.pactor.spring.boot;

import io.pactor.spring.transaction.GlobalTransactionException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Tells which annotation keeps the application from starting, and what to do about it. */
final class GlobalTransactionFailureAnalyzer
        extends AbstractFailureAnalyzer<GlobalTransactionException> {

    @Override
    protected FailureAnalysis analyze(Throwable root, GlobalTransactionException cause) {
        return new FailureAnalysis("A global transaction cannot work: " + cause.problem() + ".",
            cause.remedy(), cause);
    }
}

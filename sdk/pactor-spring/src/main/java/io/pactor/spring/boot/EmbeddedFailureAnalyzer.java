package io.pactor.spring.boot;

import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Tells why the coordinator cannot be embedded, and what to do about it. */
final class EmbeddedFailureAnalyzer extends AbstractFailureAnalyzer<EmbeddedException> {

    @Override
    protected FailureAnalysis analyze(Throwable root, EmbeddedException cause) {
        return new FailureAnalysis(cause.getMessage(), cause.remedy(), cause);
    }
}

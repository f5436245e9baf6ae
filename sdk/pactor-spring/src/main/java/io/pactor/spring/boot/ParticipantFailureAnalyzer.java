package io.pactor.spring.boot;

import io.pactor.spring.participant.ParticipantException;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;

/** Tells which participant keeps the application from starting, and what to do about it. */
final class ParticipantFailureAnalyzer extends AbstractFailureAnalyzer<ParticipantException> {

    @Override
    protected FailureAnalysis analyze(Throwable root, ParticipantException cause) {
        return new FailureAnalysis("A participant is not safe: " + cause.problem() + ".",
            cause.remedy(), cause);
    }
}

package io.pactor.spring.participant;

import io.pactor.client.participant.HttpAnswer;
import io.pactor.client.participant.Ongoing;
import io.pactor.client.participant.Refused;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.core.Ordered;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerExceptionResolver;
import org.springframework.web.servlet.ModelAndView;

/**
 * Answers what a participant threw, before the application's own {@code @ControllerAdvice} sees it:
 * one that makes 200 of every exception would make a success of a refusal.
 */
public final class ParticipantExceptionResolver implements HandlerExceptionResolver, Ordered {

    private static final Log LOG = LogFactory.getLog(ParticipantExceptionResolver.class);

    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }

    @Override
    public ModelAndView resolveException(HttpServletRequest request, HttpServletResponse response,
            Object handler, Exception thrown) {
        Optional<BranchContext> context = BranchContext.state();
        boolean isVerdict = thrown instanceof Refused || thrown instanceof Ongoing;
        boolean byParticipant = context.filter(each -> isParticipant(handler)
            || each.outcome() != BranchContext.Outcome.NONE).isPresent();
        if (!isVerdict && !byParticipant) {
            // Perhaps it comes from the way to one: a transaction that could not begin.
            context.ifPresent(each -> each.failed(thrown));
            return null;
        }
        if (!isVerdict) {
            LOG.warn("The " + BranchContext.current().orElseThrow()
                + " failed; the coordinator will call again", thrown);
        }
        try {
            BranchCallFilter.answer(response, context.map(each -> each.answer(thrown))
                .orElseGet(() -> HttpAnswer.of(thrown)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new ModelAndView();
    }

    private static boolean isParticipant(Object handler) {
        return handler instanceof HandlerMethod method
            && (method.hasMethodAnnotation(Participant.class)
                || method.hasMethodAnnotation(Xa.class));
    }
}

package io.pactor.spring.participant;

import io.pactor.client.participant.HttpAnswer;
import io.pactor.client.participant.Reply;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.web.method.HandlerMethod;
import org.springframework.web.servlet.HandlerInterceptor;

/**
 * Serves the commit and the rollback at the urls of methods with {@link Xa}. They have no body, so
 * the method's own arguments could not be made of them.
 */
public final class XaSecondPhase implements HandlerInterceptor {

    private final XaPostProcessor methods;

    public XaSecondPhase(XaPostProcessor methods) {
        this.methods = methods;
    }

    @Override
    public boolean preHandle(HttpServletRequest request, HttpServletResponse response,
            Object handler) throws IOException {
        if (!(handler instanceof HandlerMethod served) || !served.hasMethodAnnotation(Xa.class)) {
            return true;
        }
        BranchContext context = BranchContext.served(served.getMethod());
        if (context.branch().op().equals("action")) {
            return true;
        }
        XaMethod xa = methods.methods().of(served.getMethod(), served.getBeanType());
        context.reached(xa.method());
        try {
            xa.participant().run(context.branch(), "", connection -> Reply.EMPTY);
        } catch (RuntimeException e) {
            context.failed(e);
            throw e;
        }
        context.committed();
        BranchCallFilter.answer(response, HttpAnswer.of(Reply.EMPTY));
        return false;
    }
}

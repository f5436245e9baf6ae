package io.pactor.spring.workflow;

import io.pactor.client.Workflow;
import io.pactor.client.participant.HttpAnswer;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.springframework.web.HttpRequestHandler;
import org.springframework.web.util.UriUtils;

/** Answers the coordinator that has a workflow of this application go on. */
public final class WorkflowHandler implements HttpRequestHandler {

    private final Map<String, Workflow<?, ?>> workflows;

    /** @param workflows by their names, which end the path of the request */
    public WorkflowHandler(Map<String, Workflow<?, ?>> workflows) {
        this.workflows = Map.copyOf(workflows);
    }

    @Override
    public void handleRequest(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        String path = request.getRequestURI();
        Workflow<?, ?> asked = workflows.get(UriUtils.decode(
            path.substring(path.lastIndexOf('/') + 1), StandardCharsets.UTF_8));
        if (asked == null) {
            response.sendError(HttpServletResponse.SC_NOT_FOUND);
            return;
        }
        HttpAnswer answer = asked.resume(request::getParameter);
        response.setStatus(answer.status());
        answer.headers().forEach(response::setHeader);
        response.getOutputStream().write(answer.body());
    }
}

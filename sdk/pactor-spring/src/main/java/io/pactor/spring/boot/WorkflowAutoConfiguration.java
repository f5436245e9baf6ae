package io.pactor.spring.boot;

import io.pactor.client.Workflow;
import io.pactor.spring.participant.SignatureGuard;
import io.pactor.spring.workflow.WorkflowHandler;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.SmartInitializingSingleton;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnWebApplication;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.web.servlet.DispatcherServlet;
import org.springframework.web.servlet.handler.SimpleUrlHandlerMapping;
import org.springframework.web.util.UriUtils;

/** Serves the url at which the coordinator has the application's workflows go on. */
@AutoConfiguration(after = PactorAutoConfiguration.class)
@ConditionalOnWebApplication(type = ConditionalOnWebApplication.Type.SERVLET)
@ConditionalOnClass(DispatcherServlet.class)
public class WorkflowAutoConfiguration {

    /** Where calls come in; the name of the workflow follows. */
    private static final String PATH = "/pactor/workflows/";

    /** When all are made, and before the first request. */
    @Bean
    SmartInitializingSingleton pactorWorkflowUrls(PactorProperties properties,
            List<Workflow<?, ?>> workflows) {
        String base = properties.participant().baseUrl().replaceAll("/+$", "");
        return () -> {
            if (!base.isEmpty()) {
                workflows.forEach(each -> each.resumeAt(
                    base + PATH + UriUtils.encodePathSegment(each.name(), StandardCharsets.UTF_8)));
            }
        };
    }

    @Bean
    SimpleUrlHandlerMapping pactorWorkflowMapping(
            List<Workflow<?, ?>> workflows, ObjectProvider<SignatureGuard> signatures) {
        WorkflowHandler handler = new WorkflowHandler(workflows.stream()
            .collect(Collectors.toMap(Workflow::name, each -> each)));
        SignatureGuard guard = signatures.getIfAvailable(() -> SignatureGuard.NONE);
        return new SimpleUrlHandlerMapping(Map.of(PATH + "*", guard.before(handler)),
            Ordered.HIGHEST_PRECEDENCE);
    }
}

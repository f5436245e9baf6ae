package io.pactor.spring.participant;

import io.pactor.client.participant.BranchCall;
import io.pactor.client.participant.CallBack;
import io.pactor.client.participant.HttpAnswer;
import io.pactor.client.participant.UnverifiedCall;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.springframework.web.filter.OncePerRequestFilter;
import org.springframework.web.servlet.HandlerMapping;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * Opens the {@link BranchContext} of each request that names a branch in its query, and sees to it
 * that the answer says what the participant's transaction did, whatever else the application makes
 * of exceptions: success only after the commit, and then as 200, which is the one status that DTM
 * and Pactor take for it.
 */
public final class BranchCallFilter extends OncePerRequestFilter {

    private static final Log LOG = LogFactory.getLog(BranchCallFilter.class);

    /** What Pactor itself asks, and Pactor's own code answers. */
    private static final List<String> OWN_PATHS =
        List.of("/pactor/check-back/", "/pactor/workflows/");

    private final SignatureGuard signatures;
    private final Set<Object> unguarded = ConcurrentHashMap.newKeySet();

    /** @param signatures says which calls are served at all */
    public BranchCallFilter(SignatureGuard signatures) {
        this.signatures = signatures;
    }

    /** Serves calls without a signature. */
    public BranchCallFilter() {
        this(SignatureGuard.NONE);
    }

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        return OWN_PATHS.stream().anyMatch(
            each -> request.getRequestURI().startsWith(request.getContextPath() + each));
    }

    @Override
    protected boolean shouldNotFilterErrorDispatch() {
        return true;
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response,
            FilterChain chain) throws ServletException, IOException {
        Optional<BranchCall> call;
        Optional<CallBack> callBack;
        try {
            call = branchCall(request);
            callBack = call.flatMap(each -> CallBack.from(each, request::getHeader));
        } catch (IllegalArgumentException e) {
            answer(response, new HttpAnswer(400, Map.of("Content-Type", "text/plain"),
                e.getMessage().getBytes(StandardCharsets.UTF_8)));
            return;
        }
        if (call.isEmpty()) {
            chain.doFilter(request, response);
            return;
        }
        HttpServletRequest verified;
        try {
            verified = signatures.verified(request, call.get());
        } catch (UnverifiedCall e) {
            signatures.refuse(request, response, e);
            return;
        }
        BranchContext context =
            BranchContext.open(call.get(), callBack.orElse(null), path(request));
        try {
            served(verified, response, chain, context);
        } finally {
            context.close();
        }
    }

    private void served(HttpServletRequest request, HttpServletResponse response,
            FilterChain chain, BranchContext context) throws ServletException, IOException {
        BranchResponse guarded = new BranchResponse(response, context);
        try {
            chain.doFilter(request, guarded);
        } catch (ServletException | RuntimeException e) {
            Throwable thrown = context.failure() == null ? e : context.failure();
            if (context.outcome() == BranchContext.Outcome.NONE || response.isCommitted()) {
                throw e;
            }
            LOG.warn("The " + context.branch() + " failed", thrown);
            answer(response, context.answer(thrown));
            return;
        }
        guarded.settle();
        if (context.outcome() == BranchContext.Outcome.NONE && response.getStatus() == 200) {
            warnOnce(request, context);
        }
    }

    /** Of each mapping, of which there are as many as the application has. */
    private void warnOnce(HttpServletRequest request, BranchContext context) {
        Object mapping = request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
        if (mapping != null && unguarded.add(mapping)) {
            LOG.warn("The " + context.branch() + " was answered with 200 by " + mapping
                + " and has passed no barrier: a repeat runs again. If it has a participant, call"
                + " it through its bean, not through this");
        }
    }

    /** Only what the query says: reading parameters could consume the body of a form. */
    private static Optional<BranchCall> branchCall(HttpServletRequest request) {
        String query = request.getQueryString();
        if (query == null || !query.contains("gid=") && query.indexOf('%') < 0) {
            return Optional.empty();
        }
        // The container decodes names, too, so one that is encoded is the same parameter.
        Map<String, String> parameters = new HashMap<>();
        UriComponentsBuilder.newInstance().query(query).build().getQueryParams().forEach(
            (name, values) -> parameters.putIfAbsent(decoded(name), decoded(values.get(0))));
        if (!parameters.containsKey("branch_id") || !parameters.containsKey("op")) {
            // Somebody else's gid.
            return Optional.empty();
        }
        return BranchCall.from(parameters::get);
    }

    /**
     * Where it comes in, below the url of the application. The query is the caller's word, and no
     * part of an address that the coordinator is to call.
     */
    private static String path(HttpServletRequest request) {
        return request.getRequestURI().substring(request.getContextPath().length());
    }

    private static String decoded(String text) {
        return text == null ? null : URLDecoder.decode(text, StandardCharsets.UTF_8);
    }

    static void answer(HttpServletResponse response, HttpAnswer answer) throws IOException {
        response.resetBuffer();
        response.setStatus(answer.status());
        answer.headers().forEach(response::setHeader);
        response.getOutputStream().write(answer.body());
        response.flushBuffer();
    }
}

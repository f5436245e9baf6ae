package io.pactor.spring.http;

import feign.AsyncClient;
import feign.Capability;
import feign.Client;
import feign.Request;
import feign.RequestInterceptor;
import feign.Response;
import io.pactor.client.CallRecorder;
import io.pactor.spring.transaction.GlobalContext;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.springframework.http.HttpStatus;

/**
 * Lets Feign clients take part in recording: within {@code saga.step(() -> stock.reserve(line))}
 * the request is not sent but becomes the step, as it is without the client's request interceptors,
 * since what they add may hold for this moment only. Outside of recording, requests carry the
 * {@link GlobalContext} of their thread; a header that the request has already stays.
 *
 * <p>Spring Cloud OpenFeign takes it as a bean; {@code Feign.builder().addCapability(...)} does
 * the same without. Asynchronous Feign cannot be recorded and is refused in a step.
 */
public final class FeignCapability implements Capability {

    private final boolean sendsContext;

    /** @param sendsContext whether requests carry the context */
    public FeignCapability(boolean sendsContext) {
        this.sendsContext = sendsContext;
    }

    @Override
    public Client enrich(Client client) {
        return (request, options) -> {
            if (!CallRecorder.isRecording()) {
                return client.execute(withContext(request), options);
            }
            CallRecorder.record(RecordedRequest.call(request.httpMethod().name(), request.url(),
                request.headers(), request.body() == null ? new byte[0] : request.body()));
            return Response.builder().status(HttpStatus.NO_CONTENT.value()).reason("recorded")
                .request(request).headers(Map.of()).build();
        };
    }

    @Override
    public AsyncClient<Object> enrich(AsyncClient<Object> client) {
        return (request, options, context) -> {
            if (CallRecorder.isRecording()) {
                return CompletableFuture.failedFuture(new IllegalArgumentException(
                    request.httpMethod() + " " + request.url() + " is asynchronous, which cannot"
                        + " be recorded as a step"));
            }
            return client.execute(withContext(request), options, context);
        };
    }

    @Override
    public RequestInterceptor enrich(RequestInterceptor interceptor) {
        return template -> {
            if (!CallRecorder.isRecording()) {
                interceptor.apply(template);
            }
        };
    }

    private Request withContext(Request request) {
        GlobalContext context = sendsContext ? GlobalContext.current().orElse(null) : null;
        if (context == null) {
            return request;
        }
        Map<String, Collection<String>> headers = new LinkedHashMap<>(request.headers());
        context.headers().forEach((name, value) -> {
            if (headers.keySet().stream().noneMatch(name::equalsIgnoreCase)) {
                headers.put(name, List.of(value));
            }
        });
        return Request.create(request.httpMethod(), request.url(), headers, request.body(),
            request.charset(), request.requestTemplate());
    }
}

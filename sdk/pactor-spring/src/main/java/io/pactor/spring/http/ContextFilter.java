package io.pactor.spring.http;

import io.pactor.client.CallRecorder;
import io.pactor.spring.transaction.GlobalContext;
import org.springframework.web.reactive.function.client.ClientRequest;
import org.springframework.web.reactive.function.client.ClientResponse;
import org.springframework.web.reactive.function.client.ExchangeFilterFunction;
import org.springframework.web.reactive.function.client.ExchangeFunction;
import reactor.core.publisher.Mono;

/**
 * Has requests by WebClient carry the {@link GlobalContext} of the thread that subscribes, as
 * {@code block()} does. A header that the request has already stays.
 *
 * <p>WebClient cannot be recorded: within the lambda of a step its request is refused, and not
 * sent.
 */
public final class ContextFilter implements ExchangeFilterFunction {

    /** Whether requests carry it; those of steps are refused in any case. */
    private final boolean sends;

    public ContextFilter(boolean sends) {
        this.sends = sends;
    }

    @Override
    public Mono<ClientResponse> filter(ClientRequest request, ExchangeFunction next) {
        if (CallRecorder.isRecording()) {
            return Mono.error(new IllegalArgumentException(request.method() + " " + request.url()
                + " is a request by WebClient, which cannot be recorded as a step: call by "
                + "RestClient, RestTemplate or Feign"));
        }
        return next.exchange(sends ? GlobalContext.current()
            .map(context -> with(context, request)).orElse(request) : request);
    }

    private static ClientRequest with(GlobalContext context, ClientRequest request) {
        return ClientRequest.from(request).headers(headers ->
            context.headers().forEach((name, value) -> {
                if (headers.getFirst(name) == null) {
                    headers.set(name, value);
                }
            })).build();
    }
}

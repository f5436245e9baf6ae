package io.pactor.spring.http;

import io.pactor.spring.transaction.GlobalContext;
import java.io.IOException;
import org.springframework.http.HttpRequest;
import org.springframework.http.client.ClientHttpRequestExecution;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.http.client.ClientHttpResponse;

/**
 * Has requests by RestClient, RestTemplate and the {@code @HttpExchange} interfaces upon them carry
 * the {@link GlobalContext} of their thread. A header that the request has already stays.
 */
public final class ContextInterceptor implements ClientHttpRequestInterceptor {

    @Override
    public ClientHttpResponse intercept(HttpRequest request, byte[] body,
            ClientHttpRequestExecution execution) throws IOException {
        GlobalContext.current().ifPresent(context -> context.headers().forEach((name, value) -> {
            if (request.getHeaders().getFirst(name) == null) {
                request.getHeaders().set(name, value);
            }
        }));
        return execution.execute(request, body);
    }
}

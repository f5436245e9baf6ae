package io.pactor.spring.http;

import io.pactor.client.Call;
import io.pactor.client.CallRecorder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpRequest;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.client.ClientHttpRequestExecution;
import org.springframework.http.client.ClientHttpRequestInterceptor;
import org.springframework.http.client.ClientHttpResponse;

/**
 * Lets RestClient, RestTemplate and the {@code @HttpExchange} interfaces upon them take part in
 * recording: within {@code saga.step(() -> stock.reserve(lines))} the request is not sent but
 * becomes the step, with the url, method, headers and body that it would have had. Outside of
 * recording it does nothing.
 *
 * <p>Put it before all other interceptors: what a load balancer makes of a service's name, and what
 * an interceptor adds that holds for this moment only (a token), is not for a saga that may run for
 * days.
 *
 * <p>What cannot be sent again as text is refused by name: multipart, and bodies that are no UTF-8.
 */
public final class RecordingInterceptor implements ClientHttpRequestInterceptor, Ordered {

    @Override
    public int getOrder() {
        return HIGHEST_PRECEDENCE;
    }

    @Override
    public ClientHttpResponse intercept(HttpRequest request, byte[] body,
            ClientHttpRequestExecution execution) throws IOException {
        if (!CallRecorder.isRecording()) {
            return execution.execute(request, body);
        }
        CallRecorder.record(call(request, body));
        return new Nothing();
    }

    private static Call call(HttpRequest request, byte[] body) {
        Map<String, List<String>> headers = new LinkedHashMap<>();
        request.getHeaders().forEach(headers::put); // Spring 6 and 7 have no other way in common.
        return RecordedRequest.call(request.getMethod().name(), request.getURI().toString(),
            headers, body);
    }

    /** The answer to a request that was not sent. */
    private static final class Nothing implements ClientHttpResponse {

        @Override
        public HttpStatusCode getStatusCode() {
            return HttpStatus.NO_CONTENT;
        }

        @Override
        public String getStatusText() {
            return "recorded";
        }

        @Override
        public void close() {}

        @Override
        public InputStream getBody() {
            return new ByteArrayInputStream(new byte[0]);
        }

        @Override
        public HttpHeaders getHeaders() {
            return new HttpHeaders();
        }
    }
}

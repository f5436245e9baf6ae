package io.pactor.spring.http;

import io.pactor.client.Call;
import io.pactor.client.CallRecorder;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
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

    /** What the coordinator's own client sets, or what only this connection's ends may say. */
    private static final Set<String> OF_THE_CONNECTION = Set.of("content-length", "host",
        "connection", "transfer-encoding", "accept-encoding", "accept", "user-agent");

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
        String name = request.getMethod() + " " + request.getURI();
        String type = request.getHeaders().getFirst(HttpHeaders.CONTENT_TYPE);
        if (type != null && type.toLowerCase(Locale.ROOT).startsWith("multipart/")) {
            throw new IllegalArgumentException(
                name + " is a multipart request, which cannot be a step: send a reference to what "
                    + "is stored elsewhere");
        }
        Call call = Call.of(request.getMethod().name(), request.getURI().toString(),
            body.length == 0 ? null : text(name, body));
        for (String header : headerNames(request.getHeaders())) {
            if (!OF_THE_CONNECTION.contains(header.toLowerCase(Locale.ROOT))
                    && !isUsual(header, type)) {
                call = call.withHeader(header, String.join(", ", request.getHeaders().get(header)));
            }
        }
        return call;
    }

    /** DTM's and Pactor's calls carry it anyway, so it needs no coordinator that knows headers. */
    private static boolean isUsual(String header, String type) {
        return header.equalsIgnoreCase(HttpHeaders.CONTENT_TYPE)
            && type != null && type.equalsIgnoreCase("application/json");
    }

    /** Spring 6 and 7 have no other way of naming them in common. */
    private static List<String> headerNames(HttpHeaders headers) {
        List<String> names = new ArrayList<>();
        headers.forEach((name, values) -> names.add(name));
        return names;
    }

    private static String text(String name, byte[] body) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(
                name + " has a body that is not UTF-8 text, which cannot be a step", e);
        }
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

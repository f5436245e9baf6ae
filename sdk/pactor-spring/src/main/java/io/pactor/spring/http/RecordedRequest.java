package io.pactor.spring.http;

import io.pactor.client.Call;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** An HTTP request as a call that the coordinator makes later. */
final class RecordedRequest {

    private static final String CONTENT_TYPE = "Content-Type";

    /** What the coordinator's own client sets, or what only this connection's ends may say. */
    private static final Set<String> OF_THE_CONNECTION = Set.of("content-length", "host",
        "connection", "transfer-encoding", "accept-encoding", "user-agent");

    private RecordedRequest() {}

    /** @throws IllegalArgumentException if it cannot be sent again as text; the message names it */
    static Call call(String method, String url, Map<String, ? extends Collection<String>> headers,
            byte[] body) {
        String name = method + " " + url;
        String type = headers.entrySet().stream()
            .filter(each -> each.getKey().equalsIgnoreCase(CONTENT_TYPE))
            .flatMap(each -> each.getValue().stream()).findFirst().orElse(null);
        if (type != null && type.toLowerCase(Locale.ROOT).startsWith("multipart/")) {
            throw new IllegalArgumentException(
                name + " is a multipart request, which cannot be a step: send a reference to what "
                    + "is stored elsewhere");
        }
        Call call = Call.of(method, url, body.length == 0 ? null : text(name, body));
        for (Map.Entry<String, ? extends Collection<String>> header : headers.entrySet()) {
            if (!OF_THE_CONNECTION.contains(header.getKey().toLowerCase(Locale.ROOT))
                    && !isUsual(header.getKey(), type) && !isWideAccept(header)) {
                call = call.withHeader(header.getKey(), String.join(", ", header.getValue()));
            }
        }
        return call;
    }

    /** DTM's and Pactor's calls carry it anyway, so it needs no coordinator that knows headers. */
    private static boolean isUsual(String header, String type) {
        return header.equalsIgnoreCase(CONTENT_TYPE)
            && type != null && type.equalsIgnoreCase("application/json");
    }

    /**
     * What clients send if nobody says what to accept: what they can read, with a wildcard in it,
     * or plain JSON. Nobody reads the answer of a step, so only another one means something.
     */
    private static boolean isWideAccept(Map.Entry<String, ? extends Collection<String>> header) {
        String value = String.join(", ", header.getValue());
        return header.getKey().equalsIgnoreCase("Accept")
            && (value.contains("*") || value.equalsIgnoreCase("application/json"));
    }

    private static String text(String name, byte[] body) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException(
                name + " has a body that is not UTF-8 text, which cannot be a step", e);
        }
    }
}

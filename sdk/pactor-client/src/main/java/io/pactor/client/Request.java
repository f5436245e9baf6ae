package io.pactor.client;

import java.util.Map;
import java.util.Set;

/**
 * What is sent to a coordinator, repeatable as it is.
 *
 * @param body null for none
 * @param headers of this request alone, beside those of all
 * @param needs features without which the coordinator would ignore a part of it, each with the part
 * @param waits whether the coordinator answers when the transaction ends or cannot go on now; what
 *     then goes wrong after the request has left is told, not repeated, for the record knows more
 */
record Request(String method, String path, String body, Map<String, String> headers,
        Map<String, String> needs, boolean waits) {

    static Request get(String path) {
        return new Request("GET", path, null, Map.of(), Map.of(), false);
    }

    static Request post(String path, Map<String, ?> body) {
        return new Request("POST", path, Json.write(body), Map.of(), Map.of(), false);
    }

    Request needing(Map<String, String> features) {
        return new Request(method, path, body, headers, Map.copyOf(features), waits);
    }

    Request with(String header, String value) {
        return new Request(method, path, body, Map.of(header, value), needs, waits);
    }

    Request waiting() {
        return new Request(method, path, body, headers, needs, true);
    }

    Set<String> features() {
        return needs.keySet();
    }
}

package io.pactor.client;

import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Map;

/**
 * What one coordinator answered.
 *
 * @param base whose answer it is
 * @param status 0 if a request that waits got no answer; {@code text} then says why
 * @param retryAfter zero if nothing was asked for
 */
record Answer(URI base, int status, String text, Duration retryAfter) {

    /** More of an answer than this in a message helps nobody. */
    private static final int MESSAGE_MAX = 1_000;

    static Answer none(URI base, String why) {
        return new Answer(base, 0, why, Duration.ZERO);
    }

    /** A coordinator's yes; a login page of a proxy is none. */
    boolean isDone() {
        return status == 200 && "SUCCESS".equals(json().get("dtm_result"));
    }

    /** The JSON object; empty if it is none. */
    Map<String, Object> json() {
        try {
            return Json.read(text) instanceof Map<?, ?> map ? Fields.of(map) : Map.of();
        } catch (IllegalArgumentException e) {
            return Map.of();
        }
    }

    /** What it says, for people. */
    String message() {
        String said = Fields.text(json(), "message");
        String whole = said.isEmpty() ? text.strip() : said;
        return whole.length() > MESSAGE_MAX ? whole.substring(0, MESSAGE_MAX) + "…" : whole;
    }

    /** Such as {@code http://a:8080: 503 not ready}. */
    String inWords() {
        String said = message();
        return base + ": " + (status == 0 ? "" : status + (said.isEmpty() ? "" : " ")) + said;
    }

    /** No such path: the router's text, where the coordinator itself answers in JSON. */
    boolean isWrongPath() {
        return status == 404 && json().isEmpty();
    }

    /** The wait that a {@code Retry-After} asks for: seconds or a date (RFC 9110, 10.2.3). */
    static Duration retryAfter(String header, Instant now) {
        String value = header.strip();
        try {
            if (!value.isEmpty() && value.chars().allMatch(c -> c >= '0' && c <= '9')) {
                return Duration.ofSeconds(Long.parseLong(value));
            }
            Duration wait = Duration.between(now,
                ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
            return wait.isNegative() ? Duration.ZERO : wait;
        } catch (NumberFormatException e) {
            return Sending.RETRY_AFTER_MAX;
        } catch (DateTimeException e) {
            return Duration.ZERO;
        }
    }
}

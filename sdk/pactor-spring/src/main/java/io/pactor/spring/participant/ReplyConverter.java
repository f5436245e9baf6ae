package io.pactor.spring.participant;

import io.pactor.client.participant.Reply;
import java.lang.reflect.Array;
import java.lang.reflect.Method;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.lang.reflect.WildcardType;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.springframework.http.HttpEntity;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.util.ClassUtils;
import org.springframework.web.ErrorResponse;

/**
 * Makes a reply that can be kept of what a participant returns, and of that reply what it returned.
 * Text stays text and bytes stay bytes; other values are JSON, by the application's own mapper.
 */
public final class ReplyConverter {

    private static final String TEXT = "text/plain;charset=UTF-8";
    private static final String BYTES = "application/octet-stream";
    private static final String JSON = "application/json";

    private final Json json;

    /** Writes and reads JSON; throws an unchecked exception for what it cannot. */
    public interface Json {

        byte[] write(Object value);

        Object read(byte[] bytes, Type type);
    }

    public ReplyConverter(Json json) {
        this.json = json;
    }

    /** @throws ParticipantException if the value says that the call has failed, without a throw */
    Reply write(Object result, Method method) {
        Object value = result;
        if (HAS_WEB) {
            Entities.checkSuccess(result, method);
        }
        if (HAS_WEB && result instanceof HttpEntity<?> entity) {
            value = entity.getBody();
        }
        if (value instanceof Optional<?> optional) {
            value = optional.orElse(null);
        }
        if (value == null) {
            return Reply.EMPTY;
        }
        if (value instanceof String text) {
            return new Reply(TEXT, text.getBytes(StandardCharsets.UTF_8));
        }
        if (value instanceof byte[] bytes) {
            return new Reply(BYTES, bytes);
        }
        return readable(new Reply(JSON, json.write(value)), method);
    }

    /** What only a repeat would find out is found out by the first call, which leaves nothing. */
    private Reply readable(Reply reply, Method method) {
        try {
            read(reply, method);
            return reply;
        } catch (RuntimeException e) {
            throw new ParticipantException(
                method + " returned what is written as JSON and cannot be read from it for a "
                    + "repeat: " + e.getMessage(),
                "Return a record, or a class that the application's mapper can make.");
        }
    }

    /** What the method returned when the reply was kept. */
    Object read(Reply reply, Method method) {
        return shaped(reply, method.getGenericReturnType(), method.getReturnType());
    }

    /** What the method returns if it had nothing to do. */
    Object nothing(Method method) {
        return read(Reply.EMPTY, method);
    }

    private Object shaped(Reply reply, Type type, Class<?> raw) {
        if (HAS_WEB && HttpEntity.class.isAssignableFrom(raw)) {
            Type inner = argument(type);
            return ResponseEntity.ok(shaped(reply, inner, raw(inner)));
        }
        if (raw == Optional.class) {
            Type inner = argument(type);
            return Optional.ofNullable(shaped(reply, inner, raw(inner)));
        }
        if (reply.isEmpty()) {
            return zero(raw);
        }
        if (reply.contentType().equals(TEXT)) {
            return new String(reply.body(), StandardCharsets.UTF_8);
        }
        return reply.contentType().equals(BYTES) ? reply.body() : json.read(reply.body(), type);
    }

    private static Type argument(Type type) {
        if (type instanceof ParameterizedType parameterized) {
            Type argument = parameterized.getActualTypeArguments()[0];
            return argument instanceof WildcardType wildcard ? wildcard.getUpperBounds()[0]
                : argument;
        }
        return Object.class;
    }

    private static Class<?> raw(Type type) {
        if (type instanceof Class<?> plain) {
            return plain;
        }
        return type instanceof ParameterizedType parameterized
            ? (Class<?>) parameterized.getRawType() : Object.class;
    }

    /** Null, but for primitives, which have none. */
    private static Object zero(Class<?> type) {
        if (!type.isPrimitive() || type == void.class) {
            return null;
        }
        return Array.get(Array.newInstance(type, 1), 0);
    }

    private static final boolean HAS_WEB = ClassUtils.isPresent(
        "org.springframework.http.ResponseEntity", ReplyConverter.class.getClassLoader());

    /** Apart, so that its classes are loaded only where Spring Web is. */
    private static final class Entities {

        static void checkSuccess(Object result, Method method) {
            int status = status(result);
            if (status < 200 || status >= 300) {
                throw new ParticipantException(
                    method + " returned the status " + status
                        + ", and to return is to commit",
                    "Throw Refused for 409, Ongoing for 425, and any other exception for what is "
                        + "not known.");
            }
        }

        /** That with which Spring MVC would answer it. */
        private static int status(Object result) {
            if (result instanceof ResponseEntity<?> response) {
                return response.getStatusCode().value();
            }
            if (result instanceof ErrorResponse error) {
                return error.getStatusCode().value();
            }
            return result instanceof ProblemDetail problem ? problem.getStatus() : 200;
        }
    }
}

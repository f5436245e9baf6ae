package io.pactor.spring.boot;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.pactor.client.PayloadCodec;
import io.pactor.spring.participant.ReplyConverter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Type;
import org.springframework.beans.factory.ListableBeanFactory;
import org.springframework.util.ClassUtils;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * JSON by the Jackson that the application uses: 3 with Spring Boot 4, 2 with Spring Boot 3, even
 * if the other one has come along with some library.
 */
final class JacksonJson {

    private JacksonJson() {}

    /** The client's own if there is no Jackson. */
    static PayloadCodec codec(ListableBeanFactory beans) {
        return of(beans) instanceof PayloadCodec codec ? codec : PayloadCodec.detect();
    }

    static ReplyConverter.Json of(ListableBeanFactory beans) {
        ClassLoader loader = JacksonJson.class.getClassLoader();
        boolean three = ClassUtils.isPresent("tools.jackson.databind.json.JsonMapper", loader);
        boolean two = ClassUtils.isPresent("com.fasterxml.jackson.databind.ObjectMapper", loader);
        if (three && (!two || Three.isUsed(beans) || !Two.isUsed(beans))) {
            return Three.of(beans);
        }
        if (two) {
            return Two.of(beans);
        }
        return new Missing();
    }

    /** Apart, as the next one, so that its classes are loaded only where they are. */
    private record Three(JsonMapper mapper) implements ReplyConverter.Json, PayloadCodec {

        static boolean isUsed(ListableBeanFactory beans) {
            return beans.getBeanNamesForType(JsonMapper.class, true, false).length > 0;
        }

        static ReplyConverter.Json of(ListableBeanFactory beans) {
            return new Three(beans.getBeanProvider(JsonMapper.class)
                .getIfUnique(() -> JsonMapper.builder().build()));
        }

        @Override
        public byte[] write(Object value) {
            return mapper.writeValueAsBytes(value);
        }

        @Override
        public Object read(byte[] bytes, Type type) {
            return mapper.readValue(bytes, mapper.constructType(type));
        }

        @Override
        public String encode(Object value) {
            try {
                return mapper.writeValueAsString(value);
            } catch (JacksonException e) {
                throw new IllegalArgumentException(e.getMessage(), e);
            }
        }

        @Override
        public <T> T decode(String json, Class<T> type) {
            try {
                return type == String.class ? type.cast(json) : mapper.readValue(json, type);
            } catch (JacksonException e) {
                throw new IllegalArgumentException(e.getMessage(), e);
            }
        }
    }

    private record Two(ObjectMapper mapper) implements ReplyConverter.Json, PayloadCodec {

        static boolean isUsed(ListableBeanFactory beans) {
            return beans.getBeanNamesForType(ObjectMapper.class, true, false).length > 0;
        }

        static ReplyConverter.Json of(ListableBeanFactory beans) {
            return new Two(beans.getBeanProvider(ObjectMapper.class)
                .getIfUnique(() -> new ObjectMapper().findAndRegisterModules()));
        }

        @Override
        public byte[] write(Object value) {
            try {
                return mapper.writeValueAsBytes(value);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public Object read(byte[] bytes, Type type) {
            try {
                return mapper.readValue(bytes, mapper.constructType(type));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public String encode(Object value) {
            try {
                return mapper.writeValueAsString(value);
            } catch (IOException e) {
                throw new IllegalArgumentException(e.getMessage(), e);
            }
        }

        @Override
        public <T> T decode(String json, Class<T> type) {
            try {
                return type == String.class ? type.cast(json) : mapper.readValue(json, type);
            } catch (IOException e) {
                throw new IllegalArgumentException(e.getMessage(), e);
            }
        }
    }

    /** For applications whose participants return text, bytes or nothing. */
    private record Missing() implements ReplyConverter.Json {

        @Override
        public byte[] write(Object value) {
            throw new IllegalStateException(
                "a participant returned a " + value.getClass().getName()
                    + ", and there is no Jackson to keep it with; return text, or add Jackson");
        }

        @Override
        public Object read(byte[] bytes, Type type) {
            throw new IllegalStateException("a reply is kept as JSON, and there is no Jackson");
        }
    }
}

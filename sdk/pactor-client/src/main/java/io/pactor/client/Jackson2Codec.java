package io.pactor.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;

/** Through a mapper of Jackson 2, {@code com.fasterxml.jackson.databind}. */
public final class Jackson2Codec implements PayloadCodec {

    private final ObjectMapper mapper;

    /** With a mapper of its own: what modules there are, dates as text, unknown keys ignored. */
    public Jackson2Codec() {
        this(JsonMapper.builder().findAndAddModules()
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .build());
    }

    /** With the application's own mapper. */
    public Jackson2Codec(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    @Override
    public String encode(Object value) {
        try {
            return mapper.writeValueAsString(value);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException(
                "cannot be written as JSON: " + value.getClass().getName(), e);
        }
    }

    @Override
    public <T> T decode(String json, Class<T> type) {
        if (type == String.class) {
            return type.cast(json);
        }
        try {
            return mapper.readValue(json, type);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("cannot be read as a " + type.getName(), e);
        }
    }
}

package io.pactor.client;

import tools.jackson.core.JacksonException;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.json.JsonMapper;

/** Through a mapper of Jackson 3, {@code tools.jackson.databind}. */
public final class Jackson3Codec implements PayloadCodec {

    private final ObjectMapper mapper;

    /** With a mapper of its own, with Jackson's defaults and what modules there are. */
    public Jackson3Codec() {
        this(JsonMapper.builder().findAndAddModules().build());
    }

    /** With the application's own mapper. */
    public Jackson3Codec(ObjectMapper mapper) {
        this.mapper = mapper;
    }

    @Override
    public String encode(Object value) {
        try {
            return mapper.writeValueAsString(value);
        } catch (JacksonException e) {
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
        } catch (JacksonException e) {
            throw new IllegalArgumentException("cannot be read as a " + type.getName(), e);
        }
    }
}

package io.pactor.client;

/** The JDK's own types, for those who have no Jackson. */
final class PlainCodec implements PayloadCodec {

    @Override
    public String encode(Object value) {
        return Json.write(value);
    }

    @Override
    public <T> T decode(String json, Class<T> type) {
        if (type == String.class) {
            return type.cast(json);
        }
        Object value = Json.read(json);
        if (value instanceof Number number) {
            value = as(type, number);
        }
        if (value != null && !type.isInstance(value)) {
            throw new IllegalArgumentException("the JSON is a " + value.getClass().getSimpleName()
                + "; for a " + type.getName() + " add Jackson 2 or 3 to the class path");
        }
        return type.cast(value);
    }

    private static Object as(Class<?> type, Number number) {
        if (type == Integer.class && number instanceof Long value && value == value.intValue()) {
            return value.intValue();
        }
        return type == Double.class ? (Object) number.doubleValue() : number;
    }
}

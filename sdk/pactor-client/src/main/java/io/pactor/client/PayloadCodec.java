package io.pactor.client;

/**
 * Turns the application's objects into JSON and back. Must be safe for use by several threads.
 */
public interface PayloadCodec {

    /**
     * {@code value} as JSON text.
     *
     * @throws IllegalArgumentException if it cannot be written
     */
    String encode(Object value);

    /**
     * What {@code json} stands for. A {@code String} is the text as it is.
     *
     * @throws IllegalArgumentException if it cannot be read as a {@code type}
     */
    <T> T decode(String json, Class<T> type);

    /**
     * Jackson 3 if the class path has it, else Jackson 2, each with its defaults and what modules
     * it finds; without either, one that knows strings, numbers, booleans, maps and lists alone.
     */
    static PayloadCodec detect() {
        if (isPresent("tools.jackson.databind.json.JsonMapper")) {
            return new Jackson3Codec();
        }
        if (isPresent("com.fasterxml.jackson.databind.json.JsonMapper")) {
            return new Jackson2Codec();
        }
        return new PlainCodec();
    }

    private static boolean isPresent(String name) {
        try {
            Class.forName(name, false, PayloadCodec.class.getClassLoader());
            return true;
        } catch (ClassNotFoundException | LinkageError e) {
            return false;
        }
    }
}

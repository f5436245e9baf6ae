package io.pactor.client;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which codec is found depends on what the application has on its class path. */
class ClassPathTest {

    private static final Class<?>[] JACKSON_2 = {
        com.fasterxml.jackson.databind.ObjectMapper.class,
        com.fasterxml.jackson.core.JsonFactory.class,
        com.fasterxml.jackson.annotation.JsonProperty.class};
    private static final Class<?>[] JACKSON_3 = {
        tools.jackson.databind.ObjectMapper.class, tools.jackson.core.JsonParser.class,
        com.fasterxml.jackson.annotation.JsonProperty.class};

    private static String codecWith(Class<?>... libraries) throws Exception {
        List<URL> path = new ArrayList<>();
        path.add(Pactor.class.getProtectionDomain().getCodeSource().getLocation());
        for (Class<?> library : libraries) {
            path.add(library.getProtectionDomain().getCodeSource().getLocation());
        }
        try (URLClassLoader loader = new URLClassLoader(path.toArray(URL[]::new),
                ClassLoader.getPlatformClassLoader())) {
            return loader.loadClass("io.pactor.client.PayloadCodec").getMethod("detect")
                .invoke(null).getClass().getSimpleName();
        }
    }

    @Test
    void jacksonIsUsedWhereItIs() throws Exception {
        assertEquals("PlainCodec", codecWith());
        assertEquals("Jackson2Codec", codecWith(JACKSON_2));
        assertEquals("Jackson3Codec", codecWith(JACKSON_3));
    }
}

package io.pactor.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class CodecTest {

    record Order(String sku, int count) {}

    /** Cannot be written by anybody. */
    public static final class Broken {
        public String getName() {
            throw new IllegalStateException("no name");
        }
    }

    static List<PayloadCodec> jacksons() {
        return List.of(new Jackson2Codec(), new Jackson3Codec());
    }

    @ParameterizedTest
    @MethodSource("jacksons")
    void jacksonWritesAndReadsObjects(PayloadCodec codec) {
        assertEquals("{\"sku\":\"book\",\"count\":2}", codec.encode(new Order("book", 2)));
        assertEquals(new Order("book", 2),
            codec.decode("{\"sku\":\"book\",\"count\":2,\"more\":1}", Order.class));
        assertEquals("{ }", codec.decode("{ }", String.class));
        assertThrows(IllegalArgumentException.class, () -> codec.decode("{", Order.class));
        assertThrows(IllegalArgumentException.class, () -> codec.encode(new Broken()));
    }

    @Test
    void withBothTheNewerOneIsTaken() {
        assertInstanceOf(Jackson3Codec.class, PayloadCodec.detect());
    }

    @Test
    void withoutJacksonTheTypesOfTheJdkAreKnown() {
        PayloadCodec codec = new PlainCodec();
        assertEquals("{\"n\":[1,true,\"a\"]}", codec.encode(Map.of("n", List.of(1, true, "a"))));
        assertEquals(Map.of("n", 1L), codec.decode("{\"n\":1}", Map.class));
        assertEquals(7, codec.decode("7", Integer.class));
        assertEquals(0.5, codec.decode("0.5", Double.class));
        assertEquals(" 7", codec.decode(" 7", String.class));
        assertTrue(assertThrows(IllegalArgumentException.class,
            () -> codec.encode(new Order("book", 2))).getMessage().contains("CodecTest$Order"));
        assertTrue(assertThrows(IllegalArgumentException.class,
            () -> codec.decode("{}", Order.class)).getMessage().contains("CodecTest$Order"));
    }
}

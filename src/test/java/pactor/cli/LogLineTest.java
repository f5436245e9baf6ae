package pactor.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.encoder.PatternLayoutEncoder;
import ch.qos.logback.classic.joran.JoranConfigurator;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.ConsoleAppender;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.Logger;
import pactor.settings.ControlCharacters;

class LogLineTest {

    @ParameterizedTest
    @CsvSource({
        "'a\nb', 'a\\nb'",
        "'a\r\nb', 'a\\r\\nb'",
        "'a\tb', 'a\\tb'",
        "'\u001b[31mred', '\\u001b[31mred'",
        "'a\u0000\u0085\u009b', 'a\\u0000\\u0085\\u009b'",
        "'a\u2028b\u202e', 'a\\u2028b\\u202e'",
        "'gid=订单 ok', 'gid=订单 ok'",
    })
    void controlCharactersAreEscaped(String given, String shown) {
        assertEquals(shown, ControlCharacters.escaped(given));
    }

    @Test
    void aLongLineIsCut() {
        assertEquals(16_384 + 3, ControlCharacters.escaped("x".repeat(1 << 20)).length());
    }

    @Test
    void anEventIsOneLineEvenWithItsError() throws Exception {
        var context = new LoggerContext();
        context.setMDCAdapter(new LogbackMDCAdapter());
        var configurator = new JoranConfigurator();
        configurator.setContext(context);
        configurator.doConfigure(Path.of("src/main/resources/logback.xml").toFile());
        var out = new ByteArrayOutputStream();
        redirect(context, out);

        context.getLogger("store").warn("gid={} is bad", "a\nb\u001b[0m",
            new IllegalStateException("first\nsecond", new RuntimeException("cause")));
        context.getLogger("org.apache.pekko.Noise").info("not heard");
        context.getLogger("store.Fine").debug("not heard");
        context.stop();

        List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
        assertEquals(1, lines.size(), lines.toString());
        assertTrue(lines.get(0).matches(
            "\\d{4}-\\d\\d-\\d\\dT[0-9:.]+(Z|[+-][0-9:]+) WARN  store gid=a\\\\nb\\\\u001b\\[0m"
                + " is bad \\| java.lang.IllegalStateException: first\\\\nsecond.*cause.*"),
            lines.get(0));
    }

    /** Under the asynchronous appender, which stands between it and the loggers. */
    private static void redirect(LoggerContext context, OutputStream out) {
        var async = (AsyncAppender) context
            .getLogger(Logger.ROOT_LOGGER_NAME).getAppender("ASYNC");
        var console = (ConsoleAppender<?>) async.getAppender("STDERR");
        ((PatternLayoutEncoder) console.getEncoder()).setCharset(StandardCharsets.UTF_8);
        console.setOutputStream(out);
    }
}

package pactor.cli;

import ch.qos.logback.classic.pattern.ClassicConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.ThrowableProxyUtil;
import pactor.settings.ControlCharacters;

/**
 * The message of an event and the trace of its error, in one line, with every control character
 * escaped: what a client puts into a gid or a url can neither begin a line nor colour a terminal.
 */
public final class LogLine extends ClassicConverter {

    @Override
    public String convert(ILoggingEvent event) {
        IThrowableProxy error = event.getThrowableProxy();
        String message = String.valueOf(event.getFormattedMessage());
        return ControlCharacters.escaped(error == null ? message
            : message + " | " + ThrowableProxyUtil.asString(error).strip());
    }
}

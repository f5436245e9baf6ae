package pactor.cli.operator;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.time.temporal.ChronoUnit;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Times as people say them: two hours ago, in five minutes. */
final class TimeText {

    private static final String UNITS = "smhd";
    private static final long[] SECONDS = {1, 60, 3_600, 86_400};

    private TimeText() {}

    /** A time span such as 90s, 12h or 5d. */
    static final class Span implements ITypeConverter<Duration> {
        @Override
        public Duration convert(String text) {
            int unit = text.isEmpty() ? -1 : UNITS.indexOf(text.charAt(text.length() - 1));
            String number = unit < 0 ? "" : text.substring(0, text.length() - 1);
            if (!number.matches("[0-9]{1,8}")) {
                throw new TypeConversionException("it must be a time such as 90s, 12h or 5d");
            }
            return Duration.ofSeconds(Long.parseLong(number) * SECONDS[unit]);
        }
    }

    /** So long ago, or that moment. */
    static final class Past implements ITypeConverter<Instant> {
        @Override
        public Instant convert(String text) {
            return moment(text, -1);
        }
    }

    /** So long from now, or that moment. */
    static final class Future implements ITypeConverter<Instant> {
        @Override
        public Instant convert(String text) {
            return moment(text, 1);
        }
    }

    private static Instant moment(String text, int sign) {
        if (text.matches("[0-9]{1,8}[smhd]")) {
            Duration span = new Span().convert(text);
            return Instant.now(Clock.systemUTC()).plus(span.multipliedBy(sign))
                .truncatedTo(ChronoUnit.MILLIS);
        }
        try {
            return Instant.parse(text);
        } catch (DateTimeParseException wrong) {
            throw new TypeConversionException("it must be a time such as 90s, 12h or 5d, or a "
                + "moment such as 2026-11-01T00:00:00Z, not " + text);
        }
    }

    /** The time from {@code then} to {@code now} in one or two digits; empty without a moment. */
    static String since(String then, Instant now) {
        return then.isEmpty() ? "" : rough(Duration.between(Instant.parse(then), now));
    }

    /** The time from {@code now} to {@code then}, {@code now} if it is over. */
    static String until(String then, Instant now) {
        if (then.isEmpty()) {
            return "";
        }
        Duration left = Duration.between(now, Instant.parse(then));
        return left.isNegative() || left.isZero() ? "now" : "in " + rough(left);
    }

    /** A clock time of that moment, with its date. */
    static String shown(String moment) {
        return moment.replace('T', ' ');
    }

    private static String rough(Duration span) {
        long seconds = Math.max(0, span.toSeconds());
        for (int unit = SECONDS.length - 1; unit > 0; unit--) {
            if (seconds >= 2 * SECONDS[unit]) {
                return seconds / SECONDS[unit] + "" + UNITS.charAt(unit);
            }
        }
        return seconds + "s";
    }
}

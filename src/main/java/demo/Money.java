package demo;

/** Amounts are whole cents everywhere; only people see a point. */
final class Money {

    private Money() {}

    /** {@code 12345} as {@code 123.45}. */
    static String text(long cents) {
        long absolute = Math.abs(cents);
        return "%s%d.%02d".formatted(cents < 0 ? "-" : "", absolute / 100, absolute % 100);
    }
}

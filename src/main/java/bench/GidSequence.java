package bench;

import io.netty.buffer.ByteBuf;

/**
 * The gids of one run: {@code bench-RRRRRRRR-SSSS-NNNNNNNN}, all of one length, with the run, the
 * slot and the number of the transaction in hexadecimal. One length means that a request can be a
 * template.
 */
final class GidSequence {

    static final int LENGTH = 28;
    /** Slots have four digits. */
    static final int SLOTS_MAX = 1 << 16;
    /** Numbers have eight digits. */
    static final long NUMBER_MAX = 0xffff_ffffL;

    private static final int SLOT_AT = 15;
    private static final int NUMBER_AT = 20;
    private static final byte[] DIGITS = {
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
    };

    private final String prefix;
    private final String inQuery;

    /** @param run tells this run's transactions from those of other runs on the same store */
    GidSequence(int run) {
        this.prefix = String.format("bench-%08x-", run);
        this.inQuery = "gid=" + prefix;
    }

    String text(int slot, long number) {
        return prefix + String.format("%04x-%08x", slot, number);
    }

    /** Writes slot and number into a gid of this run that starts at {@code at}. */
    static void put(ByteBuf buffer, int at, int slot, long number) {
        hex(buffer, at + SLOT_AT, slot, 4);
        hex(buffer, at + NUMBER_AT, number, 8);
    }

    /** The same in an array. */
    static void put(byte[] bytes, int at, int slot, long number) {
        hex(bytes, at + SLOT_AT, slot, 4);
        hex(bytes, at + NUMBER_AT, number, 8);
    }

    private static void hex(byte[] bytes, int at, long value, int digits) {
        for (int i = digits - 1, shift = 0; i >= 0; i--, shift += 4) {
            bytes[at + i] = DIGITS[(int) (value >> shift) & 15];
        }
    }

    private static void hex(ByteBuf buffer, int at, long value, int digits) {
        for (int i = digits - 1, shift = 0; i >= 0; i--, shift += 4) {
            buffer.setByte(at + i, DIGITS[(int) (value >> shift) & 15]);
        }
    }

    /** Where in {@code uri} the gid of this run starts, or -1 if it names none. */
    int findIn(String uri) {
        int at = uri.indexOf(inQuery);
        return at < 0 || at + 4 + LENGTH > uri.length() ? -1 : at + 4;
    }

    /** Whether {@code text} is a gid of this run. */
    boolean isOne(String text) {
        return text.length() == LENGTH && text.startsWith(prefix);
    }

    /** The slot in the gid that starts at {@code at}; -1 if those are no digits. */
    static int slotAt(String uri, int at) {
        return (int) number(uri, at + SLOT_AT, 4);
    }

    /** The number in the gid that starts at {@code at}; -1 if those are no digits. */
    static long numberAt(String uri, int at) {
        return number(uri, at + NUMBER_AT, 8);
    }

    private static long number(String uri, int at, int digits) {
        long value = 0;
        for (int i = at; i < at + digits; i++) {
            int digit = Character.digit(uri.charAt(i), 16);
            if (digit < 0) {
                return -1;
            }
            value = value << 4 | digit;
        }
        return value;
    }
}

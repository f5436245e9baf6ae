package signature;

import java.math.BigInteger;

/**
 * A point of Ed25519's curve in extended coordinates (RFC 8032, 5.1.4), to be added to in place,
 * and multiples of its generator by a table. The JDK's own takes twenty times as long, which is
 * most of what a call costs. What is added is chosen without a branch or an address that depends
 * on it.
 */
final class EdwardsPoint {

    /** Rows of the table: for each byte of a number, eight multiples of the generator. */
    private static final int ROWS = 32;
    private static final int MULTIPLES = 8;

    /** Of one entry: y + x, y - x, and 2dxy. */
    private static final int ENTRY = 3 * Field25519.LIMBS;

    private static final BigInteger GENERATOR_X = new BigInteger(
        "15112221349535400772501151409588531511454012693041857206046113283949847762202");
    private static final BigInteger GENERATOR_Y = new BigInteger(
        "46316835694926478169428394003475163141307993866256225615783033603165251855960");
    private static final BigInteger D2 = BigInteger.TWO.multiply(BigInteger.valueOf(-121_665))
        .multiply(BigInteger.valueOf(121_666).modInverse(Field25519.modulus()));

    private static final long[] TABLE = table();

    private long[] x = {0, 0, 0, 0, 0};
    private long[] y = {1, 0, 0, 0, 0};
    private long[] z = {1, 0, 0, 0, 0};
    private long[] t = {0, 0, 0, 0, 0};

    private final long[] a = new long[Field25519.LIMBS];
    private final long[] b = new long[Field25519.LIMBS];
    private final long[] c = new long[Field25519.LIMBS];
    private final long[] d = new long[Field25519.LIMBS];
    private final long[] e = new long[Field25519.LIMBS];
    private final long[] f = new long[Field25519.LIMBS];

    private EdwardsPoint() {}

    /**
     * That multiple of the generator, encoded.
     *
     * @param scalar 32 bytes, the least first, below 2^255
     */
    static byte[] multiple(byte[] scalar) {
        int[] digits = digits(scalar);
        EdwardsPoint sum = new EdwardsPoint();
        long[] entry = new long[ENTRY];
        for (int i = 1; i < digits.length; i += 2) {
            select(entry, i / 2, digits[i]);
            sum.addEntry(entry);
        }
        for (int i = 0; i < 4; i++) {
            sum.twice();
        }
        for (int i = 0; i < digits.length; i += 2) {
            select(entry, i / 2, digits[i]);
            sum.addEntry(entry);
        }
        return sum.encoded();
    }

    /** Sixty-four digits of base 16, from -8 to 8. */
    private static int[] digits(byte[] scalar) {
        int[] digits = new int[2 * scalar.length];
        for (int i = 0; i < scalar.length; i++) {
            digits[2 * i] = scalar[i] & 15;
            digits[2 * i + 1] = scalar[i] >> 4 & 15;
        }
        int carry = 0;
        for (int i = 0; i < digits.length - 1; i++) {
            digits[i] += carry;
            carry = digits[i] + 8 >> 4;
            digits[i] -= carry << 4;
        }
        digits[digits.length - 1] += carry;
        return digits;
    }

    /** The multiple {@code digit} of that row, all of which is read. */
    private static void select(long[] entry, int row, int digit) {
        int sign = digit >> 31;
        int size = (digit ^ sign) - sign;
        for (int i = 0; i < ENTRY; i++) {
            entry[i] = i == 0 || i == Field25519.LIMBS ? 1 : 0;
        }
        for (int multiple = 1; multiple <= MULTIPLES; multiple++) {
            // All ones if it is the one, all zeroes if not.
            long mask = (long) (size ^ multiple) - 1 >> 63;
            int from = (row * MULTIPLES + multiple - 1) * ENTRY;
            for (int i = 0; i < ENTRY; i++) {
                entry[i] ^= mask & (entry[i] ^ TABLE[from + i]);
            }
        }
        negate(entry, sign);
    }

    /** @param sign all ones to do so, all zeroes to leave it */
    private static void negate(long[] entry, long sign) {
        int n = Field25519.LIMBS;
        long[] last = {entry[2 * n], entry[2 * n + 1], entry[2 * n + 2], entry[2 * n + 3],
            entry[2 * n + 4]};
        long[] negative = new long[n];
        Field25519.subtract(negative, new long[n], last);
        for (int i = 0; i < n; i++) {
            long differs = sign & (entry[i] ^ entry[n + i]);
            entry[i] ^= differs;
            entry[n + i] ^= differs;
            entry[2 * n + i] ^= sign & (last[i] ^ negative[i]);
        }
    }

    /** Adds a point of the table (madd-2008-hwcd-3, which has no exceptions). */
    private void addEntry(long[] entry) {
        int n = Field25519.LIMBS;
        Field25519.subtract(a, y, x);
        copy(entry, n, c);
        Field25519.multiply(a, a, c);
        Field25519.add(b, y, x);
        copy(entry, 0, c);
        Field25519.multiply(b, b, c);
        copy(entry, 2 * n, c);
        Field25519.multiply(c, t, c);
        Field25519.add(d, z, z);
        finish();
    }

    /** Adds a point (add-2008-hwcd-3). */
    private void add(EdwardsPoint other, long[] d2) {
        Field25519.subtract(a, y, x);
        Field25519.subtract(c, other.y, other.x);
        Field25519.multiply(a, a, c);
        Field25519.add(b, y, x);
        Field25519.add(c, other.y, other.x);
        Field25519.multiply(b, b, c);
        Field25519.multiply(c, t, d2);
        Field25519.multiply(c, c, other.t);
        Field25519.multiply(d, z, other.z);
        Field25519.add(d, d, d);
        finish();
    }

    private void finish() {
        Field25519.subtract(e, b, a);
        Field25519.subtract(f, d, c);
        Field25519.add(d, d, c);
        Field25519.add(b, b, a);
        Field25519.multiply(x, e, f);
        Field25519.multiply(y, d, b);
        Field25519.multiply(t, e, b);
        Field25519.multiply(z, f, d);
    }

    /** Doubles it (dbl-2008-hwcd). */
    private void twice() {
        Field25519.multiply(a, x, x);
        Field25519.multiply(b, y, y);
        Field25519.multiply(c, z, z);
        Field25519.add(c, c, c);
        Field25519.add(e, x, y);
        Field25519.multiply(e, e, e);
        Field25519.subtract(e, e, a);
        Field25519.subtract(e, e, b);
        Field25519.subtract(d, b, a);
        Field25519.subtract(f, d, c);
        Field25519.add(b, b, a);
        Field25519.subtract(b, new long[Field25519.LIMBS], b);
        Field25519.multiply(x, e, f);
        Field25519.multiply(y, d, b);
        Field25519.multiply(t, e, b);
        Field25519.multiply(z, f, d);
    }

    /** The y, and the lowest bit of x above it (RFC 8032, 5.1.2). */
    private byte[] encoded() {
        long[] over = Field25519.invert(z);
        long[] affine = new long[Field25519.LIMBS];
        Field25519.multiply(affine, x, over);
        byte[] bytesOfX = Field25519.bytes(affine);
        Field25519.multiply(affine, y, over);
        byte[] encoded = Field25519.bytes(affine);
        encoded[31] |= (byte) (bytesOfX[0] << 7);
        return encoded;
    }

    private static void copy(long[] entry, int from, long[] into) {
        System.arraycopy(entry, from, into, 0, Field25519.LIMBS);
    }

    private static long[] table() {
        long[] d2 = Field25519.of(D2);
        long[] table = new long[ROWS * MULTIPLES * ENTRY];
        EdwardsPoint first = new EdwardsPoint();
        first.x = Field25519.of(GENERATOR_X);
        first.y = Field25519.of(GENERATOR_Y);
        Field25519.multiply(first.t, first.x, first.y);
        for (int row = 0; row < ROWS; row++) {
            EdwardsPoint multiple = new EdwardsPoint();
            for (int i = 0; i < MULTIPLES; i++) {
                multiple.add(first, d2);
                multiple.write(table, (row * MULTIPLES + i) * ENTRY, d2);
            }
            for (int bit = 0; bit < Byte.SIZE; bit++) {
                first.twice();
            }
        }
        return table;
    }

    private void write(long[] table, int at, long[] d2) {
        int n = Field25519.LIMBS;
        long[] over = Field25519.invert(z);
        long[] affineX = new long[n];
        long[] affineY = new long[n];
        Field25519.multiply(affineX, x, over);
        Field25519.multiply(affineY, y, over);
        long[] part = new long[n];
        Field25519.add(part, affineY, affineX);
        System.arraycopy(part, 0, table, at, n);
        Field25519.subtract(part, affineY, affineX);
        System.arraycopy(part, 0, table, at + n, n);
        Field25519.multiply(part, affineX, affineY);
        Field25519.multiply(part, part, d2);
        System.arraycopy(part, 0, table, at + 2 * n, n);
    }
}

package signature;

import java.math.BigInteger;

/**
 * Numbers modulo 2^255 - 19, as five limbs of 51 bits: the value is the sum of {@code limb[i] *
 * 2^(51 i)}. Results have limbs a little over 51 bits, and operands may. No branch and no address
 * depends on a value, so that time tells nothing of it.
 */
final class Field25519 {

    static final int LIMBS = 5;

    private static final int BITS = 51;
    private static final long MASK = (1L << BITS) - 1;

    /** Twice the modulus, limb by limb, so that no difference is negative. */
    private static final long TWO_P_FIRST = 2 * (MASK - 18);
    private static final long TWO_P = 2 * MASK;

    private static final BigInteger P =
        BigInteger.ONE.shiftLeft(255).subtract(BigInteger.valueOf(19));

    private Field25519() {}

    static long[] of(BigInteger value) {
        BigInteger rest = value.mod(P);
        long[] limbs = new long[LIMBS];
        for (int i = 0; i < LIMBS; i++) {
            limbs[i] = rest.longValue() & MASK;
            rest = rest.shiftRight(BITS);
        }
        return limbs;
    }

    static BigInteger value(long[] limbs) {
        BigInteger value = BigInteger.ZERO;
        for (int i = LIMBS - 1; i >= 0; i--) {
            value = value.shiftLeft(BITS).add(BigInteger.valueOf(limbs[i]));
        }
        return value.mod(P);
    }

    static BigInteger modulus() {
        return P;
    }

    static void add(long[] into, long[] a, long[] b) {
        for (int i = 0; i < LIMBS; i++) {
            into[i] = a[i] + b[i];
        }
        carry(into);
    }

    static void subtract(long[] into, long[] a, long[] b) {
        into[0] = a[0] + TWO_P_FIRST - b[0];
        for (int i = 1; i < LIMBS; i++) {
            into[i] = a[i] + TWO_P - b[i];
        }
        carry(into);
    }

    /** What {@code into} was may be an operand. */
    static void multiply(long[] into, long[] a, long[] b) {
        long a0 = a[0];
        long a1 = a[1];
        long a2 = a[2];
        long a3 = a[3];
        long a4 = a[4];
        long b0 = b[0];
        long b1 = b[1];
        long b2 = b[2];
        long b3 = b[3];
        long b4 = b[4];
        // 2^255 is 19: what goes beyond the last limb comes back in times 19.
        long c1 = 19 * b1;
        long c2 = 19 * b2;
        long c3 = 19 * b3;
        long c4 = 19 * b4;
        long r0 = low(a0, b0) + low(a1, c4) + low(a2, c3) + low(a3, c2) + low(a4, c1);
        long r1 = low(a0, b1) + low(a1, b0) + low(a2, c4) + low(a3, c3) + low(a4, c2);
        long r2 = low(a0, b2) + low(a1, b1) + low(a2, b0) + low(a3, c4) + low(a4, c3);
        long r3 = low(a0, b3) + low(a1, b2) + low(a2, b1) + low(a3, b0) + low(a4, c4);
        long r4 = low(a0, b4) + low(a1, b3) + low(a2, b2) + low(a3, b1) + low(a4, b0);
        r1 += high(a0, b0) + high(a1, c4) + high(a2, c3) + high(a3, c2) + high(a4, c1);
        r2 += high(a0, b1) + high(a1, b0) + high(a2, c4) + high(a3, c3) + high(a4, c2);
        r3 += high(a0, b2) + high(a1, b1) + high(a2, b0) + high(a3, c4) + high(a4, c3);
        r4 += high(a0, b3) + high(a1, b2) + high(a2, b1) + high(a3, b0) + high(a4, c4);
        r0 += 19 * (high(a0, b4) + high(a1, b3) + high(a2, b2) + high(a3, b1) + high(a4, b0));
        into[0] = r0;
        into[1] = r1;
        into[2] = r2;
        into[3] = r3;
        into[4] = r4;
        carry(into);
    }

    /** One divided by {@code a}: its power of the modulus less two. */
    static long[] invert(long[] a) {
        long[] power = {1, 0, 0, 0, 0};
        BigInteger exponent = P.subtract(BigInteger.TWO);
        for (int bit = exponent.bitLength() - 1; bit >= 0; bit--) {
            multiply(power, power, power);
            // The exponent is no secret.
            if (exponent.testBit(bit)) {
                multiply(power, power, a);
            }
        }
        return power;
    }

    /** The one form of it, below the modulus: 32 bytes, the least first. */
    static byte[] bytes(long[] a) {
        long[] t = a.clone();
        carry(t);
        carry(t);
        long quotient = t[0] + 19 >> BITS;
        for (int i = 1; i < LIMBS; i++) {
            quotient = t[i] + quotient >> BITS;
        }
        t[0] += 19 * quotient;
        for (int i = 0; i < LIMBS - 1; i++) {
            t[i + 1] += t[i] >> BITS;
            t[i] &= MASK;
        }
        t[LIMBS - 1] &= MASK;
        byte[] bytes = new byte[32];
        for (int bit = 0; bit < 256; bit += 8) {
            int limb = Math.min(bit / BITS, LIMBS - 1);
            int shift = bit - limb * BITS;
            long part = t[limb] >>> shift;
            if (limb + 1 < LIMBS) {
                part |= t[limb + 1] << BITS - shift;
            }
            bytes[bit / 8] = (byte) part;
        }
        return bytes;
    }

    private static void carry(long[] r) {
        long r1 = r[1] + (r[0] >> BITS);
        long r2 = r[2] + (r1 >> BITS);
        long r3 = r[3] + (r2 >> BITS);
        long r4 = r[4] + (r3 >> BITS);
        long r0 = (r[0] & MASK) + 19 * (r4 >> BITS);
        r[0] = r0 & MASK;
        r[1] = (r1 & MASK) + (r0 >> BITS);
        r[2] = r2 & MASK;
        r[3] = r3 & MASK;
        r[4] = r4 & MASK;
    }

    /** The lower 51 bits of a product. */
    private static long low(long a, long b) {
        return a * b & MASK;
    }

    /** What is above them: the product of two numbers below 2^56 and 2^57, shifted. */
    private static long high(long a, long b) {
        return Math.multiplyHigh(a << 7, b << 6);
    }
}

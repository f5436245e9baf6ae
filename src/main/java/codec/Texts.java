package codec;

import java.nio.charset.StandardCharsets;

/**
 * Text as UTF-8, and back. A half of a surrogate pair, which UTF-8 has no form for, has the three
 * bytes that it would have: whatever a client once got in comes out as it was.
 */
final class Texts {

    private Texts() {}

    static byte[] encoded(String text) {
        return isWhole(text) ? text.getBytes(StandardCharsets.UTF_8) : generously(text);
    }

    static String decoded(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        return text.indexOf('\ufffd') < 0 ? text : generously(bytes);
    }

    private static boolean isWhole(String text) {
        for (int i = 0; i < text.length(); i++) {
            char each = text.charAt(i);
            if (Character.isSurrogate(each)) {
                if (!Character.isHighSurrogate(each) || i + 1 == text.length()
                        || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    return false;
                }
                i++;
            }
        }
        return true;
    }

    private static byte[] generously(String text) {
        byte[] bytes = new byte[3 * text.length()];
        int used = 0;
        for (int i = 0; i < text.length();) {
            int point = text.codePointAt(i);
            i += Character.charCount(point);
            if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
                bytes[used++] = (byte) (0xe0 | point >> 12);
                bytes[used++] = (byte) (0x80 | point >> 6 & 0x3f);
                bytes[used++] = (byte) (0x80 | point & 0x3f);
            } else {
                byte[] some = Character.toString(point).getBytes(StandardCharsets.UTF_8);
                System.arraycopy(some, 0, bytes, used, some.length);
                used += some.length;
            }
        }
        return java.util.Arrays.copyOf(bytes, used);
    }

    private static String generously(byte[] bytes) {
        StringBuilder text = new StringBuilder(bytes.length);
        int from = 0;
        for (int i = 0; i + 2 < bytes.length; i++) {
            boolean half = (bytes[i] & 0xff) == 0xed && (bytes[i + 1] & 0xe0) == 0xa0;
            if (half) {
                text.append(new String(bytes, from, i - from, StandardCharsets.UTF_8));
                text.append((char) (0xd000 | (bytes[i + 1] & 0x3f) << 6 | bytes[i + 2] & 0x3f));
                i += 2;
                from = i + 1;
            }
        }
        return text.append(new String(bytes, from, bytes.length - from, StandardCharsets.UTF_8))
            .toString();
    }
}

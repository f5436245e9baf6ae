package store;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;

/** A text that must not be found, in any of the forms in which it could be kept. */
public final class Canary {

    private final String text;
    private final List<byte[]> forms = new ArrayList<>();

    /** @param text long enough not to be there by chance */
    public Canary(String text) {
        this.text = text;
        byte[] plain = text.getBytes(StandardCharsets.UTF_8);
        forms.add(plain);
        forms.add(text.getBytes(StandardCharsets.UTF_16BE));
        forms.add(text.getBytes(StandardCharsets.UTF_16LE));
        forms.add(bytes(HexFormat.of().formatHex(plain)));
        forms.add(bytes(HexFormat.of().withUpperCase().formatHex(plain)));
        for (int before = 0; before < 3; before++) {
            // What stands before it shifts base64; its first and last letters mix with others.
            byte[] shifted = new byte[before + plain.length];
            System.arraycopy(plain, 0, shifted, before, plain.length);
            String encoded = Base64.getEncoder().withoutPadding().encodeToString(shifted);
            forms.add(bytes(encoded.substring(before == 0 ? 0 : 4, encoded.length() - 4)));
        }
    }

    /** Whether it is in {@code all}, in one of its forms. */
    public boolean isIn(byte[] all) {
        return forms.stream().anyMatch(form -> isIn(all, form));
    }

    private static boolean isIn(byte[] all, byte[] wanted) {
        for (int at = 0; at <= all.length - wanted.length; at++) {
            if (all[at] == wanted[0]
                    && Arrays.equals(all, at, at + wanted.length, wanted, 0, wanted.length)) {
                return true;
            }
        }
        return false;
    }

    private static byte[] bytes(String ascii) {
        return ascii.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public String toString() {
        return text;
    }
}

package audit;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A row of the log. Immutable.
 *
 * @param number counts from 1 without a gap
 * @param at when it was written, in microseconds since 1970, by the clock of the database
 * @param act what it tells
 * @param key the name of the key that its seal was made with; empty for none
 * @param former the seal of the row before, in hex
 * @param seal of all of the above, in hex: see {@link Seals}
 */
public record Row(long number, long at, Act act, String key, String former, String seal) {

    /** What the first row follows. */
    public static final String NOTHING = "0".repeat(64);

    /** Another encoding has another first field. */
    private static final String ENCODING = "pactor-audit-1";

    /** The same with its seal. */
    Row sealed(String made) {
        return new Row(number, at, act, key, former, made);
    }

    /**
     * What is sealed: each field in the order of the columns, as its length in four bytes and then
     * its bytes, so that nothing can pass from one field into the next. Numbers have eight bytes,
     * texts are UTF-8, and all lengths and numbers begin with their highest byte.
     */
    byte[] canonical() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
        try {
            DataOutputStream out = new DataOutputStream(bytes);
            text(out, ENCODING);
            number(out, number);
            number(out, at);
            text(out, act.kind().text());
            number(out, act.about());
            for (String each : List.of(act.who().name(), act.who().role(), act.who().how(),
                    act.who().address(), act.action(), act.target(), act.reason(), act.before(),
                    act.after(), act.result(), key, former)) {
                text(out, each);
            }
        } catch (IOException never) {
            throw new UncheckedIOException(never);
        }
        return bytes.toByteArray();
    }

    private static void number(DataOutputStream out, long number) throws IOException {
        out.writeInt(Long.BYTES);
        out.writeLong(number);
    }

    private static void text(DataOutputStream out, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeInt(bytes.length);
        out.write(bytes);
    }
}

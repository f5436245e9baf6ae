package http;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/** Names what is read below {@link Problem#BASE}: who has it already is not sent it again. */
final class EntityTag {

    private static final int BYTES = 16;

    private EntityTag() {}

    /**
     * {@code answer} with its tag, or that nothing has changed.
     *
     * @param known the tags that the client has, as {@code If-None-Match} says
     */
    static HttpAnswer on(HttpAnswer answer, String known) {
        boolean isRead = answer.status() == 200 && answer.format() == HttpAnswer.Format.JSON
            && answer.chunks() == null && !answer.headers().containsKey("Cache-Control");
        if (!isRead) {
            return answer;
        }
        String tag = of(answer.body());
        boolean isKnown = Arrays.stream(known.split(","))
            .map(each -> each.strip().replaceFirst("^W/", "")).anyMatch(tag::equals);
        return (!isKnown ? answer
            : new HttpAnswer(304, HttpAnswer.Format.JSON, new byte[0], ""))
            .with("ETag", tag).with("Cache-Control", "private, no-cache");
    }

    private static String of(byte[] body) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(body);
            return "\"" + HexFormat.of().formatHex(hash, 0, BYTES) + "\"";
        } catch (NoSuchAlgorithmException never) {
            throw new IllegalStateException(never);
        }
    }
}

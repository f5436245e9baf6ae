package branch;

import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.util.AsciiString;

/**
 * Netty's decoder of HTTP answers, which can also say whether there are bytes beyond the answer.
 *
 * <p>It refuses what Netty reads leniently: a status line must begin exactly with HTTP/1.0 or
 * HTTP/1.1, a blank, and a status of three digits (RFC 9112, 4), since a 200 that is not surely one
 * must not count as done. A name of a header must be followed by its colon (RFC 9112, 5.1).
 */
final class AnswerDecoder extends HttpResponseDecoder {

    private static final int VERSION_LENGTH = "HTTP/1.1".length();
    private static final int STATUS_AT = VERSION_LENGTH + 1;
    private static final int STATUS_LENGTH = 3;

    AnswerDecoder(HttpDecoderConfig config) {
        super(config);
    }

    boolean hasLeftOver() {
        return actualReadableBytes() > 0;
    }

    /** @param at where Netty found it, after any blanks; a line begins at 0 */
    @Override
    protected String splitFirstWordInitialLine(byte[] line, int at, int length) {
        String version = super.splitFirstWordInitialLine(line, at, length);
        check(at == 0 && (version.equals("HTTP/1.1") || version.equals("HTTP/1.0")),
                "the status line begins with no version 1.0 or 1.1");
        return version;
    }

    @Override
    protected String splitSecondWordInitialLine(byte[] line, int at, int length) {
        String status = super.splitSecondWordInitialLine(line, at, length);
        check(at == STATUS_AT && line[at - 1] == ' ' && length == STATUS_LENGTH
                && status.charAt(0) != '0' && status.chars().allMatch(c -> c >= '0' && c <= '9'),
                "the status is no number of three digits");
        return status;
    }

    @Override
    protected String splitThirdWordInitialLine(byte[] line, int at, int length) {
        check(line[STATUS_AT + STATUS_LENGTH] == ' ', "no blank follows the status");
        return super.splitThirdWordInitialLine(line, at, length);
    }

    @Override
    protected AsciiString splitHeaderName(byte[] line, int at, int length) {
        // Netty stops at a colon or a blank within the line, so there is such a byte.
        check(line[at + length] == ':', "no colon follows the name of a header");
        return super.splitHeaderName(line, at, length);
    }

    private static void check(boolean holds, String otherwise) {
        if (!holds) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}

package branch;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.util.ByteProcessor;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import transaction.Limits;

/**
 * Reads one answer while it comes in. Searches all of its body and keeps little of it, so what an
 * answer costs in memory does not depend on its length. Must be closed if it gives no answer.
 */
final class AnswerReader implements ByteProcessor, AutoCloseable {

    private static final WordScan ONGOING = new WordScan("ONGOING");

    private static final WordScan FAILURE = new WordScan("FAILURE");

    private static final byte[] NOTHING = {};

    private static final byte[] WORDS = "FAILURE ONGOING".getBytes(StandardCharsets.US_ASCII);

    private static final Pattern CHARSET =
            Pattern.compile("charset\\s*=([^;,]*)", Pattern.CASE_INSENSITIVE);

    private final HttpResponse head;
    private final int bytesMax;
    private final int kept;
    private final WordScan ongoing = new WordScan(ONGOING);
    private final WordScan failure = new WordScan(FAILURE);
    private final AnswerJson json = new AnswerJson();
    private byte[] beginning = NOTHING;
    private final boolean hasKnownEnd;
    private long bytes;

    /** @param bytesMax a longer body is not read to its end */
    AnswerReader(HttpResponse head, int bytesMax) {
        this(head, bytesMax, Limits.ANSWER_KEPT_BYTES);
    }

    /** @param kept how much of the body's beginning is kept */
    AnswerReader(HttpResponse head, int bytesMax, int kept) {
        this.head = head;
        this.bytesMax = bytesMax;
        this.kept = kept;
        this.hasKnownEnd = head.status().code() != 101 && isFramed(head);
    }

    /**
     * Whether it is known where the body ends. If not, nothing after the head can be read: another
     * protocol follows, or the body has a transfer coding that is not understood (RFC 9112, 6.1).
     */
    boolean hasKnownEnd() {
        return hasKnownEnd;
    }

    /** Takes a piece of the body; false if it is too long now and the rest is of no use. */
    boolean take(ByteBuf piece) {
        int readable = piece.readableBytes();
        if (readable == 0) {
            return true;
        }
        bytes += readable;
        keepBeginning(piece, readable);
        piece.forEachByte(this);
        json.take(piece);
        return bytes <= bytesMax;
    }

    @Override
    public boolean process(byte b) {
        ongoing.next(b);
        failure.next(b);
        return true;
    }

    /** All of it has been taken, or as much as will be. */
    Answer answer() {
        json.end();
        String retryAfter = head.headers().get(HttpHeaderNames.RETRY_AFTER, "");
        return new Answer(head.status().code(), flaw(), ongoing.isFound(), failure.isFound(), json,
                beginning, retryAfter, head.headers().get("Pactor-Callback", ""));
    }

    @Override
    public void close() {
        json.close();
    }

    private String flaw() {
        HttpHeaders headers = head.headers();
        if (!hasKnownEnd) {
            String coding = joined(headers.getAll(HttpHeaderNames.TRANSFER_ENCODING));
            return head.status().code() == 101 ? "another protocol follows"
                    : "transfer coding " + coding;
        }
        if (head.status().code() == 206) {
            return "a part of an answer, which was not asked for";
        }
        if (bytes == 0) {
            return "";
        }
        if (bytes > bytesMax) {
            return "longer than " + bytesMax + " bytes";
        }
        String coding = joined(headers.getAll(HttpHeaderNames.CONTENT_ENCODING));
        if (!coding.isEmpty() && !coding.equalsIgnoreCase("identity")) {
            return "content coding " + coding;
        }
        String charset = unreadableCharset(headers.getAll(HttpHeaderNames.CONTENT_TYPE));
        if (!charset.isEmpty()) {
            return "charset " + charset;
        }
        // Where no length is announced, and JSON is not understood, a last brace has to do.
        boolean isCut = json.isOpen()
                || json.isBroken() && !json.endsInBrace() && !hasLength(headers);
        return isCut ? "cut off within its JSON" : "";
    }

    private void keepBeginning(ByteBuf piece, int readable) {
        int had = beginning.length;
        int more = Math.min(readable, kept - had);
        if (more > 0) {
            beginning = Arrays.copyOf(beginning, had + more);
            piece.getBytes(piece.readerIndex(), beginning, had, more);
        }
    }

    private static boolean isFramed(HttpResponse head) {
        List<String> codings = head.headers().getAll(HttpHeaderNames.TRANSFER_ENCODING);
        return codings.isEmpty()
                || codings.size() == 1 && codings.get(0).strip().equalsIgnoreCase("chunked");
    }

    private static boolean hasLength(HttpHeaders headers) {
        return headers.contains(HttpHeaderNames.CONTENT_LENGTH)
                || headers.contains(HttpHeaderNames.TRANSFER_ENCODING);
    }

    private static String joined(List<String> values) {
        return String.join(", ", values).strip();
    }

    /** The first charset named in any of them that is not readable, or nothing. */
    private static String unreadableCharset(List<String> contentTypes) {
        return contentTypes.stream()
                .flatMap(type -> CHARSET.matcher(type).results())
                .map(said -> said.group(1).replaceAll("[\"']", "").strip())
                .filter(charset -> !isReadable(charset))
                .findFirst().orElse("");
    }

    /** Whether words look in it as they do in ASCII. One that is not known may hide them. */
    private static boolean isReadable(String charset) {
        if (charset.isEmpty() || charset.equalsIgnoreCase("utf-8")) {
            return true;
        }
        try {
            Charset known = Charset.forName(charset);
            return new String(WORDS, known).equals("FAILURE ONGOING");
        } catch (IllegalArgumentException unknown) {
            return false;
        }
    }
}

package bench;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * The bytes of one HTTP request, or of one message over gRPC, in which only the gid changes. All
 * gids of a run have one length, so each length in it is a constant too.
 */
final class RequestTemplate {

    private final byte[] bytes;
    private final int[] gidsAt;

    private RequestTemplate(byte[] bytes, int[] gidsAt) {
        this.bytes = bytes;
        this.gidsAt = gidsAt;
    }

    /**
     * @param url where to, with {@code gid} wherever the gid belongs
     * @param body JSON, with {@code gid} wherever the gid belongs
     * @param gid any gid of the run
     * @param headers besides
     */
    static RequestTemplate post(
            URI url, String body, String gid, Map<String, String> headers) {
        int length = body.getBytes(StandardCharsets.UTF_8).length;
        String head = "POST " + target(url) + " HTTP/1.1\r\nHost: " + url.getRawAuthority()
                + "\r\nContent-Type: application/json\r\nContent-Length: " + length + "\r\n"
                + lines(headers) + "\r\n";
        return of((head + body).getBytes(StandardCharsets.UTF_8), gid);
    }

    /** @param url where to, with {@code gid} wherever the gid belongs */
    static RequestTemplate get(URI url, String gid, Map<String, String> headers) {
        String head = "GET " + target(url) + " HTTP/1.1\r\nHost: " + url.getRawAuthority()
                + "\r\nAccept: application/json\r\n" + lines(headers) + "\r\n";
        return of(head.getBytes(StandardCharsets.UTF_8), gid);
    }

    private static String lines(Map<String, String> headers) {
        StringBuilder lines = new StringBuilder();
        headers.forEach((name, value) ->
                lines.append(name).append(": ").append(value).append("\r\n"));
        return lines.toString();
    }

    private static String target(URI url) {
        String query = url.getRawQuery();
        return query == null ? url.getRawPath() : url.getRawPath() + "?" + query;
    }

    /** @param bytes the whole, with {@code gid} wherever the gid belongs */
    static RequestTemplate of(byte[] bytes, String gid) {
        // Latin-1 makes a character a byte, so the places found are places in the bytes.
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        int[] gidsAt = IntStream.range(0, text.length())
                .filter(at -> text.startsWith(gid, at)).toArray();
        return new RequestTemplate(bytes, gidsAt);
    }

    /** The request for that transaction. The caller owns the buffer. */
    ByteBuf fill(ByteBufAllocator allocator, int slot, long number) {
        ByteBuf buffer = allocator.buffer(bytes.length);
        buffer.writeBytes(bytes);
        for (int at : gidsAt) {
            GidSequence.put(buffer, at, slot, number);
        }
        return buffer;
    }

    /** The same in an array of its own. */
    byte[] fill(int slot, long number) {
        byte[] filled = bytes.clone();
        for (int at : gidsAt) {
            GidSequence.put(filled, at, slot, number);
        }
        return filled;
    }
}

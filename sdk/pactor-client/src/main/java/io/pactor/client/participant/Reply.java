package io.pactor.client.participant;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/**
 * What a participant answers to a call that succeeded. A barrier keeps it, so that a repeat of the
 * call gets the same bytes.
 *
 * <p>The coordinator, unless its {@code verdict_mode} is {@code strict}, and DTM's in any case,
 * take the words FAILURE and ONGOING anywhere in the body for a verdict, whatever the status. A
 * reply must not contain them, or its success is read as a refusal, and undone.
 *
 * @param contentType as in the header {@code Content-Type}; empty for none
 * @param body the bytes; as long as may be where no barrier keeps them
 */
public record Reply(String contentType, byte[] body) {

    /** Nothing but "done". It is not recorded, and costs no row. */
    public static final Reply EMPTY = new Reply("", new byte[0]);

    /**
     * The longest body that a barrier keeps: what a {@code BLOB} of MySQL takes. A reply is for a
     * number or a state; a document belongs into a table of its own.
     */
    public static final int MAX_BYTES = 65_535;

    /** The longest content type that a barrier keeps, in characters: that of its column. */
    public static final int CONTENT_TYPE_MAX = 255;

    /** Copies the body. Where that is empty there is no content, and no type of it. */
    public Reply {
        Objects.requireNonNull(contentType, "contentType");
        body = body.clone();
        contentType = body.length == 0 ? "" : contentType;
    }

    /** A reply of JSON text, as it is. */
    public static Reply json(String text) {
        return new Reply("application/json", text.getBytes(StandardCharsets.UTF_8));
    }

    /** Whether it has no body. */
    public boolean isEmpty() {
        return body.length == 0;
    }

    /** A copy. */
    @Override
    public byte[] body() {
        return body.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Reply that && contentType.equals(that.contentType)
            && Arrays.equals(body, that.body);
    }

    @Override
    public int hashCode() {
        return 31 * contentType.hashCode() + Arrays.hashCode(body);
    }

    /** Without the bytes, which may be somebody's data. */
    @Override
    public String toString() {
        return "Reply[" + contentType + ", " + body.length + " bytes]";
    }
}

package branch;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.async.ByteBufferFeeder;
import io.netty.buffer.ByteBuf;
import java.io.IOException;
import java.io.UncheckedIOException;
import transaction.Limits;

/**
 * Reads an answer that is a JSON object, piece by piece, and keeps the few members that can hold a
 * verdict. What it needs in memory does not depend on the length of the answer: one string at most.
 *
 * <p>The text must be RFC 8259 in UTF-8; a byte order mark before it is skipped. What is not, or
 * goes beyond a bound, is broken: nobody knows what it says. Must be closed.
 */
final class AnswerJson implements AutoCloseable {

    /** What a verdict is that is no string, is given twice differently, or cannot be read. */
    static final String UNCLEAR = "?";

    /** Levels of nesting, as in requests; answers with a verdict have two. */
    static final int DEPTH = 64;

    /** Of one name, four times what HTTP headers get; the names looked for have ten at most. */
    static final int NAME_BYTES = 16 << 10;

    /** Of one number: a double with all its digits has 767 of them. */
    static final int NUMBER_CHARS = 1_000;

    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    private static final JsonFactory FACTORY = JsonFactory.builder()
        .streamReadConstraints(StreamReadConstraints.builder()
            .maxNestingDepth(DEPTH)
            .maxStringLength(Limits.ANSWER_STRING_CHARS)
            .maxNameLength(NAME_BYTES)
            .maxNumberLength(NUMBER_CHARS)
            .build())
        // A table of names would grow with the answer, and what strangers send must not stay.
        .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
        .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
        .build();

    private enum State { BEFORE, NO_OBJECT, OPEN, WHOLE, BROKEN }

    private State state = State.BEFORE;
    private int marks;
    private JsonParser parser;

    /** The last byte of the pieces before this one that is no white space. */
    private byte last;

    private String dtmResult = "";
    private String resultsOwn = "";
    private boolean hasResult;
    private boolean hasError;
    private double code = Double.NaN;
    private boolean hasCode;

    /** Takes the next piece of the answer, and moves no index of it. */
    void take(ByteBuf piece) {
        parse(piece);
        int at = piece.forEachByteDesc(AnswerJson::isBlank);
        last = at < 0 ? last : piece.getByte(at);
    }

    private void parse(ByteBuf piece) {
        int from = piece.forEachByte(this::isBefore);
        if (from < 0 || state != State.OPEN && state != State.WHOLE) {
            return;
        }
        try {
            if (parser == null) {
                parser = FACTORY.createNonBlockingByteBufferParser();
            }
            feeder().feedInput(piece.nioBuffer(from, piece.writerIndex() - from));
            readTokens();
        } catch (IOException e) {
            state = State.BROKEN;
            close();
        }
    }

    /** Nothing follows. Until then an object that is whole may still turn out not to be all. */
    void end() {
        try {
            if (state == State.WHOLE) {
                feeder().endOfInput();
                readTokens();
            }
        } catch (IOException e) {
            state = State.BROKEN;
        } finally {
            close();
        }
    }

    /** Gives back the parser's buffers; nothing can be taken after. */
    @Override
    public void close() {
        if (parser != null) {
            try {
                parser.close();
            } catch (IOException e) {
                throw new UncheckedIOException("closing what is in memory", e);
            }
        }
    }

    /** Whether it was exactly one object, from its first brace to its last. */
    boolean isWhole() {
        return state == State.WHOLE;
    }

    /** Whether it has begun, has no mistake so far, and is not at its end. */
    boolean isOpen() {
        return state == State.OPEN;
    }

    /** Whether it has begun, and then was not JSON or went beyond a bound. */
    boolean isBroken() {
        return state == State.BROKEN;
    }

    /** Whether what was taken, whatever it is, ends in a closing brace. */
    boolean endsInBrace() {
        return last == '}';
    }

    /** The member {@code dtm_result}; empty if there is none, or if no object has begun. */
    String dtmResult() {
        return state == State.OPEN || state == State.BROKEN ? UNCLEAR : dtmResult;
    }

    /** The member {@code dtm_result} of the member {@code result}; empty if there is none. */
    String dtmResultOfResult() {
        return resultsOwn;
    }

    /** Whether there is a member {@code result}, be it null. */
    boolean hasResult() {
        return hasResult;
    }

    /** Whether there is a member {@code error} that is not null. */
    boolean hasError() {
        return hasError;
    }

    /** The number {@code code} of {@code error}; not a number if there is none. */
    double errorCode() {
        return code;
    }

    /** Whether {@code b} stands before the object; if not, it is known whether there is one. */
    private boolean isBefore(byte b) {
        if (state != State.BEFORE) {
            return false;
        }
        if (marks < BYTE_ORDER_MARK.length && b == BYTE_ORDER_MARK[marks]) {
            marks++;
            return true;
        }
        boolean isInMark = marks > 0 && marks < BYTE_ORDER_MARK.length;
        if (!isInMark && (b == ' ' || b == '\t' || b == '\n' || b == '\r')) {
            marks = BYTE_ORDER_MARK.length;
            return true;
        }
        state = b == '{' && !isInMark ? State.OPEN : State.NO_OBJECT;
        return false;
    }

    /** White space, and the zero bytes of wide characters. */
    private static boolean isBlank(byte b) {
        return b >= 0 && b <= ' ';
    }

    private ByteBufferFeeder feeder() {
        return (ByteBufferFeeder) parser.getNonBlockingInputFeeder();
    }

    /** Reads what has been fed; the parser keeps a token whose end has not come yet. */
    private void readTokens() throws IOException {
        JsonToken token = parser.nextToken();
        if (token == JsonToken.END_OBJECT && (last == ',' || last == ':')) {
            // Jackson 2.21 forgets that more must follow, if it does not follow in the same piece.
            throw new JsonParseException(parser, "an object ends in a comma or a colon");
        }
        while (token != null && token != JsonToken.NOT_AVAILABLE) {
            if (state == State.WHOLE) {
                throw new JsonParseException(parser, "more than one value");
            }
            if (token == JsonToken.VALUE_STRING) {
                // The parser itself looks at it only now and then, while the string grows.
                parser.streamReadConstraints().validateStringLength(parser.getTextLength());
            }
            JsonStreamContext inside = parser.getParsingContext();
            if (token.isStructStart()) {
                found(token, inside.getParent());
            } else if (token.isScalarValue()) {
                found(token, inside);
            } else if (inside.inRoot()) {
                state = State.WHOLE;
            }
            token = parser.nextToken();
        }
    }

    /** A value begins or, if it is a simple one, is complete. */
    private void found(JsonToken token, JsonStreamContext within) throws IOException {
        String name = within.getCurrentName();
        if (within.getNestingDepth() == 1) {
            switch (name) {
                case "dtm_result" -> dtmResult = told(dtmResult, token);
                case "error" -> hasError |= token != JsonToken.VALUE_NULL;
                case "result" -> hasResult = true;
                default -> { }
            }
        } else if (within.getNestingDepth() == 2 && within.inObject()) {
            String of = within.getParent().getCurrentName();
            if (of.equals("result") && name.equals("dtm_result")) {
                resultsOwn = told(resultsOwn, token);
            } else if (of.equals("error") && name.equals("code")) {
                numbered(token);
            }
        }
    }

    private String told(String before, JsonToken token) throws IOException {
        String text = token == JsonToken.VALUE_STRING ? parser.getText() : "";
        String now = text.isEmpty() ? UNCLEAR : text;
        return before.isEmpty() || before.equals(now) ? now : UNCLEAR;
    }

    private void numbered(JsonToken token) throws IOException {
        if (token.isNumeric()) {
            double now = Double.parseDouble(parser.getText());
            code = hasCode && now != code ? Double.NaN : now;
            hasCode = true;
        }
    }
}

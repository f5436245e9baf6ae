package branch;

import java.nio.charset.StandardCharsets;

/**
 * Reads one JSON object byte by byte and keeps the few members that can hold a verdict. Needs the
 * same small memory however long the object is, so an answer need not be held to be understood.
 *
 * <p>The text must be RFC 8259 in UTF-8; a byte order mark before it is skipped. What stands inside
 * a string is not checked to be UTF-8.
 */
final class JsonScan {

    /** What {@link #dtmResult()} is if it is no string, too long, or given twice differently. */
    static final String UNCLEAR = "?";

    /** Levels of nesting; deeper objects are not read. */
    static final int DEPTH = 64;

    /** Of a name, a number or a word; all that are looked for are shorter. */
    private static final int TOKEN_BYTES = 32;

    private static final byte[] BYTE_ORDER_MARK = {(byte) 0xef, (byte) 0xbb, (byte) 0xbf};

    private enum At {
        START, VALUE, FIRST_ITEM, FIRST_NAME, NAME, COLON, AFTER, STRING, ESCAPE, HEX, LITERAL,
        MINUS, ZERO, INTEGER, POINT, FRACTION, E, E_SIGN, EXPONENT, END, BROKEN
    }

    private enum Member { OTHER, DTM_RESULT, ERROR, CODE, RESULT }

    private At at = At.START;
    private int marks;

    /** One bit for each open level: whether it is an object. */
    private long objects;

    private int depth;
    private Member outer = Member.OTHER;
    private Member inner = Member.OTHER;

    private final byte[] token = new byte[TOKEN_BYTES];
    private int kept;
    private boolean isCut;
    private boolean isName;
    private int hex;
    private int hexDigits;
    private String literal = "";
    private int literalRead;

    private String dtmResult = "";
    private String resultsOwn = "";
    private boolean hasResult;
    private boolean hasError;
    private double code = Double.NaN;
    private boolean hasCode;

    /** Takes the next byte. */
    void next(byte b) {
        // What long answers are made of: the inside of strings, and what is no JSON at all.
        if (at == At.BROKEN || at == At.STRING && isCut && b != '"' && b != '\\' && b >= ' ') {
            return;
        }
        at = switch (at) {
            case START -> start(b);
            case VALUE -> isSpace(b) ? At.VALUE : value(b);
            case FIRST_ITEM -> isSpace(b) ? At.FIRST_ITEM : b == ']' ? close() : value(b);
            case FIRST_NAME -> isSpace(b) ? At.FIRST_NAME : b == '}' ? close() : name(b);
            case NAME -> isSpace(b) ? At.NAME : name(b);
            case COLON -> isSpace(b) ? At.COLON : b == ':' ? At.VALUE : At.BROKEN;
            case AFTER -> after(b);
            case STRING -> string(b);
            case ESCAPE -> escape(b);
            case HEX -> hex(b);
            case LITERAL -> literal(b);
            case END -> isSpace(b) ? At.END : At.BROKEN;
            case BROKEN -> At.BROKEN;
            default -> number(b);
        };
    }

    /** Whether it was exactly one object, from its first brace to its last. */
    boolean isWhole() {
        return at == At.END;
    }

    /** Whether it has begun, has no mistake so far, and is not at its end. */
    boolean isOpen() {
        return depth > 0 && at != At.BROKEN;
    }

    /** The member {@code dtm_result}; empty if there is none. */
    String dtmResult() {
        return dtmResult;
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

    private At start(byte b) {
        if (marks < BYTE_ORDER_MARK.length && b == BYTE_ORDER_MARK[marks]) {
            marks++;
            return At.START;
        }
        boolean isInMark = marks > 0 && marks < BYTE_ORDER_MARK.length;
        if (isInMark || b != '{' && !isSpace(b)) {
            return At.BROKEN;
        }
        marks = BYTE_ORDER_MARK.length;
        return b == '{' ? open(true) : At.START;
    }

    private At value(byte b) {
        kept = 0;
        isCut = false;
        return switch (b) {
            case '"' -> {
                isName = false;
                yield At.STRING;
            }
            case 't' -> literalOf("true");
            case 'f' -> literalOf("false");
            case 'n' -> literalOf("null");
            case '{', '[' -> {
                found(UNCLEAR);
                yield open(b == '{');
            }
            case '-' -> keep(b, At.MINUS);
            case '0' -> keep(b, At.ZERO);
            default -> isDigit(b) ? keep(b, At.INTEGER) : At.BROKEN;
        };
    }

    private At name(byte b) {
        kept = 0;
        isCut = false;
        isName = true;
        return b == '"' ? At.STRING : At.BROKEN;
    }

    private At open(boolean isObject) {
        if (depth == DEPTH) {
            return At.BROKEN;
        }
        objects = objects << 1 | (isObject ? 1 : 0);
        depth++;
        return isObject ? At.FIRST_NAME : At.FIRST_ITEM;
    }

    private At close() {
        objects >>>= 1;
        depth--;
        return depth == 0 ? At.END : At.AFTER;
    }

    private At after(byte b) {
        if (isSpace(b)) {
            return At.AFTER;
        }
        boolean isObject = isInObject();
        if (b == ',') {
            return isObject ? At.NAME : At.VALUE;
        }
        return b == (isObject ? '}' : ']') ? close() : At.BROKEN;
    }

    private At string(byte b) {
        if (b == '"') {
            if (isName) {
                named();
                return At.COLON;
            }
            found(isCut ? UNCLEAR : text());
            return At.AFTER;
        }
        if (b == '\\') {
            return At.ESCAPE;
        }
        return b >= 0 && b < ' ' ? At.BROKEN : keep(b, At.STRING);
    }

    private At escape(byte b) {
        hex = 0;
        hexDigits = 0;
        return switch (b) {
            case 'u' -> At.HEX;
            case '"', '\\', '/' -> keep(b, At.STRING);
            case 'b', 'f', 'n', 'r', 't' -> keep((byte) ' ', At.STRING);
            default -> At.BROKEN;
        };
    }

    private At hex(byte b) {
        int digit = b < 0 ? -1 : Character.digit(b, 16);
        if (digit < 0) {
            return At.BROKEN;
        }
        hex = hex << 4 | digit;
        hexDigits++;
        return hexDigits < 4 ? At.HEX : keep((byte) (hex < 128 ? hex : -1), At.STRING);
    }

    private At literalOf(String word) {
        literal = word;
        literalRead = 1;
        return At.LITERAL;
    }

    private At literal(byte b) {
        if (b != literal.charAt(literalRead)) {
            return At.BROKEN;
        }
        literalRead++;
        if (literalRead < literal.length()) {
            return At.LITERAL;
        }
        found(literal.equals("null") ? null : UNCLEAR);
        return At.AFTER;
    }

    private At number(byte b) {
        boolean isE = b == 'e' || b == 'E';
        At next = switch (at) {
            case MINUS -> b == '0' ? At.ZERO : isDigit(b) ? At.INTEGER : At.BROKEN;
            case ZERO -> b == '.' ? At.POINT : isE ? At.E : At.AFTER;
            case INTEGER -> isDigit(b) ? At.INTEGER : b == '.' ? At.POINT : isE ? At.E : At.AFTER;
            case POINT -> isDigit(b) ? At.FRACTION : At.BROKEN;
            case FRACTION -> isDigit(b) ? At.FRACTION : isE ? At.E : At.AFTER;
            case E -> isDigit(b) ? At.EXPONENT : b == '+' || b == '-' ? At.E_SIGN : At.BROKEN;
            case E_SIGN -> isDigit(b) ? At.EXPONENT : At.BROKEN;
            default -> isDigit(b) ? At.EXPONENT : At.AFTER;
        };
        if (next != At.AFTER) {
            return keep(b, next);
        }
        found(UNCLEAR);
        numbered();
        return after(b);
    }

    /** A name is complete. */
    private void named() {
        if (depth == 1) {
            outer = is("dtm_result") ? Member.DTM_RESULT : is("error") ? Member.ERROR
                    : is("result") ? Member.RESULT : Member.OTHER;
        } else if (depth == 2) {
            inner = is("dtm_result") ? Member.DTM_RESULT : is("code") ? Member.CODE : Member.OTHER;
        }
    }

    /** A value begins or, if it is a simple one, is complete: its text if it is a string. */
    private void found(String text) {
        if (depth == 1) {
            switch (outer) {
                case DTM_RESULT -> dtmResult = told(dtmResult, text);
                case ERROR -> hasError |= text != null;
                case RESULT -> hasResult = true;
                default -> { }
            }
        } else if (depth == 2 && isInObject() && outer == Member.RESULT
                && inner == Member.DTM_RESULT) {
            resultsOwn = told(resultsOwn, text);
        }
    }

    private void numbered() {
        if (depth == 2 && isInObject() && outer == Member.ERROR && inner == Member.CODE) {
            double now = isCut ? Double.NaN : Double.parseDouble(text());
            code = hasCode && now != code ? Double.NaN : now;
            hasCode = true;
        }
    }

    private static String told(String before, String text) {
        String now = text == null || text.isEmpty() ? UNCLEAR : text;
        return before.isEmpty() || before.equals(now) ? now : UNCLEAR;
    }

    private At keep(byte b, At next) {
        if (depth <= 2 && kept < TOKEN_BYTES) {
            token[kept++] = b;
        } else {
            isCut = true;
        }
        return next;
    }

    private boolean is(String name) {
        if (isCut || kept != name.length()) {
            return false;
        }
        for (int i = 0; i < kept; i++) {
            if (token[i] != name.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    private String text() {
        boolean isOfUse = depth == 1 && outer == Member.DTM_RESULT
                || depth == 2 && (inner == Member.DTM_RESULT || inner == Member.CODE);
        return isOfUse ? new String(token, 0, kept, StandardCharsets.ISO_8859_1) : UNCLEAR;
    }

    private boolean isInObject() {
        return (objects & 1) == 1;
    }

    private static boolean isDigit(byte b) {
        return b >= '0' && b <= '9';
    }

    private static boolean isSpace(byte b) {
        return b == ' ' || b == '\t' || b == '\n' || b == '\r';
    }
}

package codec;

import java.util.List;

/** The bytes of fields, in one array or in several that follow each other. Immutable. */
public final class Content {

    private final List<byte[]> pieces;
    private final int pieceBytes;
    private final int size;

    private Content(List<byte[]> pieces) {
        this.pieces = List.copyOf(pieces);
        this.pieceBytes = pieces.isEmpty() ? 1 : Math.max(1, pieces.get(0).length);
        long sum = 0;
        for (int i = 0; i < pieces.size(); i++) {
            int length = pieces.get(i).length;
            boolean isLast = i == pieces.size() - 1;
            if (isLast ? length > pieceBytes : length != pieceBytes) {
                throw new IllegalArgumentException("piece " + i + " is of another length");
            }
            sum += length;
        }
        this.size = Math.toIntExact(sum);
    }

    /** Not copied. */
    public static Content of(byte[] bytes) {
        return new Content(List.of(bytes));
    }

    /**
     * What {@link ByteFields#toPieces} made. Not copied.
     *
     * @throws IllegalArgumentException if one that is not the last differs in its length
     */
    public static Content of(List<byte[]> pieces) {
        return new Content(pieces);
    }

    public int size() {
        return size;
    }

    byte at(int index) {
        return pieces.size() == 1 ? pieces.get(0)[index]
            : pieces.get(index / pieceBytes)[index % pieceBytes];
    }

    byte[] copy(int from, int to) {
        byte[] some = new byte[to - from];
        for (int at = from; at < to;) {
            byte[] piece = pieces.get(at / pieceBytes);
            int start = at % pieceBytes;
            int length = Math.min(to - at, piece.length - start);
            System.arraycopy(piece, start, some, at - from, length);
            at += length;
        }
        return some;
    }
}

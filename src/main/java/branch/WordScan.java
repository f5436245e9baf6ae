package branch;

import java.nio.charset.StandardCharsets;

/**
 * Finds one word in bytes that come in one after another, wherever the network splits them.
 *
 * <p>Zero bytes are skipped, so that the word is found in UTF-16 and UTF-32 too.
 */
final class WordScan {

    private final byte[] word;

    /** For each number of letters that fit: how many still fit if the next one does not. */
    private final int[] shorter;

    private int fitting;

    /** @param word ASCII, not empty */
    WordScan(String word) {
        this.word = word.getBytes(StandardCharsets.US_ASCII);
        this.shorter = shorter(this.word);
    }

    /** Another scan for the same word. */
    WordScan(WordScan other) {
        word = other.word;
        shorter = other.shorter;
    }

    void next(byte b) {
        if (fitting == 0 && b != word[0] || b == 0 || fitting == word.length) {
            return;
        }
        while (fitting > 0 && b != word[fitting]) {
            fitting = shorter[fitting];
        }
        if (b == word[fitting]) {
            fitting++;
        }
    }

    boolean isFound() {
        return fitting == word.length;
    }

    /** The failure function of Knuth, Morris and Pratt. */
    private static int[] shorter(byte[] word) {
        int[] shorter = new int[word.length + 1];
        int fits = 0;
        for (int i = 1; i < word.length; i++) {
            while (fits > 0 && word[i] != word[fits]) {
                fits = shorter[fits];
            }
            if (word[i] == word[fits]) {
                fits++;
            }
            shorter[i + 1] = fits;
        }
        return shorter;
    }
}

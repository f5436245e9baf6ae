package transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PersistentMapTest {

    /** Counts how often it is compared. */
    private static final class Key {

        private static int comparisons;

        private final int number;
        private final int hash;

        Key(int number, int hash) {
            this.number = number;
            this.hash = hash;
        }

        @Override
        public boolean equals(Object other) {
            comparisons++;
            return other instanceof Key that && number == that.number;
        }

        @Override
        public int hashCode() {
            return hash;
        }

        @Override
        public String toString() {
            return number + "#" + hash;
        }
    }

    /** With few hash codes keys share slots; shifted, they part on the last level only. */
    @ParameterizedTest(name = "{0} hash codes, shifted by {1}")
    @CsvSource({"1,0", "7,0", "100,0", "100000,0", "4,30", "9,27"})
    void itHoldsWhatAnOrdinaryMapHolds(int hashes, int shift) {
        SplittableRandom random = new SplittableRandom(hashes);
        PersistentMap<Key, Integer> map = PersistentMap.empty();
        Map<Key, Integer> model = new HashMap<>();
        for (int i = 0; i < 600; i++) {
            int number = random.nextInt(200);
            Key key = new Key(number, number % hashes << shift);
            PersistentMap<Key, Integer> before = map;
            Map<Key, Integer> old = new HashMap<>(model);
            if (random.nextInt(3) > 0) {
                map = map.with(key, i);
                model.put(key, i);
            } else {
                map = map.without(key);
                model.remove(key);
            }
            assertEquals(model, map);
            assertEquals(model.size(), map.size());
            assertEquals(model.get(key), map.get(key));
            assertEquals(old, before, "the map it was made from is unchanged");
        }
    }

    @Test
    void whatIsNotThereIsNotFound() {
        PersistentMap<String, Integer> map = PersistentMap.empty();
        assertTrue(map.isEmpty());
        assertNull(map.get("a"));
        assertFalse(map.containsKey("a"));
        assertSame(map, map.without("a"));
    }

    @ParameterizedTest
    @ValueSource(ints = {10, 1_000, 100_000})
    void aQuestionOrAChangeComparesAFewKeysHoweverManyThereAre(int size) {
        PersistentMap<Key, Integer> map = PersistentMap.empty();
        for (int i = 0; i < size; i++) {
            map = map.with(new Key(i, i), i);
        }
        Key.comparisons = 0;
        map.get(new Key(size / 2, size / 2));
        map.with(new Key(size / 2, size / 2), 0);
        map.without(new Key(size / 2, size / 2));
        assertTrue(Key.comparisons <= 6, "compared " + Key.comparisons);
    }
}

package transaction;

import java.util.AbstractMap;
import java.util.AbstractSet;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;

/**
 * An immutable map. A changed copy shares all but a few of its nodes with the map it was made from,
 * so that one entry among a thousand is changed without copying the others.
 *
 * <p>It is a hash trie (Bagwell, "Ideal Hash Trees", 2001): five bits of the hash code choose a
 * slot on each level. Keys with the same hash code share a slot, and are searched one by one.
 */
final class PersistentMap<K, V> extends AbstractMap<K, V> {

    private static final int BITS = 5;
    private static final int MASK = (1 << BITS) - 1;
    private static final PersistentMap<?, ?> EMPTY =
        new PersistentMap<>(new Fork<>(0, new Object[0]), 0);

    /** @param next another key with the same hash code; null if there is none */
    private record Leaf<K, V>(int hash, K key, V value, Leaf<K, V> next)
            implements Map.Entry<K, V> {

        @Override
        public K getKey() {
            return key;
        }

        @Override
        public V getValue() {
            return value;
        }

        @Override
        public V setValue(V other) {
            throw new UnsupportedOperationException();
        }

        Leaf<K, V> find(Object wanted) {
            Leaf<K, V> at = this;
            while (at != null && !at.key.equals(wanted)) {
                at = at.next;
            }
            return at;
        }

        /** Null if nothing is left. */
        Leaf<K, V> without(Object gone) {
            if (key.equals(gone)) {
                return next;
            }
            return next == null ? this : new Leaf<>(hash, key, value, next.without(gone));
        }
    }

    /** @param taken a bit for each slot that is in use; {@code slots} has those, in order */
    private record Fork<K, V>(int taken, Object[] slots) {

        private static int bit(int hash, int shift) {
            return 1 << (hash >>> shift & MASK);
        }

        private int place(int bit) {
            return Integer.bitCount(taken & bit - 1);
        }

        /** A {@link Leaf}, another fork, or null. */
        private Object slot(int bit) {
            return (taken & bit) == 0 ? null : slots[place(bit)];
        }

        private Fork<K, V> with(int bit, Object content) {
            int place = place(bit);
            boolean isNew = (taken & bit) == 0;
            Object[] more = new Object[slots.length + (isNew ? 1 : 0)];
            System.arraycopy(slots, 0, more, 0, place);
            int rest = isNew ? place : place + 1;
            System.arraycopy(slots, rest, more, place + 1, slots.length - rest);
            more[place] = content;
            return new Fork<>(taken | bit, more);
        }

        private Fork<K, V> without(int bit) {
            int place = place(bit);
            Object[] less = Arrays.copyOf(slots, slots.length - 1);
            System.arraycopy(slots, place + 1, less, place, less.length - place);
            return new Fork<>(taken & ~bit, less);
        }

        @SuppressWarnings("unchecked")
        Leaf<K, V> find(int hash, Object key) {
            Object at = this;
            for (int shift = 0; at instanceof Fork<?, ?> fork; shift += BITS) {
                at = fork.slot(bit(hash, shift));
            }
            return at == null ? null : ((Leaf<K, V>) at).find(key);
        }

        /** {@code leaf} is new, or takes the place of the one with its key. */
        @SuppressWarnings("unchecked")
        Fork<K, V> put(int shift, Leaf<K, V> leaf) {
            int bit = bit(leaf.hash, shift);
            Object there = slot(bit);
            if (there instanceof Fork<?, ?> fork) {
                return with(bit, ((Fork<K, V>) fork).put(shift + BITS, leaf));
            }
            Leaf<K, V> other = (Leaf<K, V>) there;
            if (other == null) {
                return with(bit, leaf);
            }
            if (other.hash == leaf.hash) {
                return with(bit, new Leaf<>(
                    leaf.hash, leaf.key, leaf.value, other.without(leaf.key)));
            }
            Fork<K, V> both = new Fork<K, V>(0, new Object[0]).put(shift + BITS, other);
            return with(bit, both.put(shift + BITS, leaf));
        }

        /** The key is there. */
        @SuppressWarnings("unchecked")
        Fork<K, V> remove(int shift, int hash, Object key) {
            int bit = bit(hash, shift);
            Object there = slot(bit);
            if (there instanceof Fork<?, ?> fork) {
                Fork<K, V> less = ((Fork<K, V>) fork).remove(shift + BITS, hash, key);
                return less.slots.length == 0 ? without(bit) : with(bit, less);
            }
            Leaf<K, V> rest = ((Leaf<K, V>) there).without(key);
            return rest == null ? without(bit) : with(bit, rest);
        }
    }

    private final Fork<K, V> root;
    private final int size;

    private PersistentMap(Fork<K, V> root, int size) {
        this.root = root;
        this.size = size;
    }

    @SuppressWarnings("unchecked")
    static <K, V> PersistentMap<K, V> empty() {
        return (PersistentMap<K, V>) EMPTY;
    }

    PersistentMap<K, V> with(K key, V value) {
        return new PersistentMap<>(root.put(0, new Leaf<>(key.hashCode(), key, value, null)),
            containsKey(key) ? size : size + 1);
    }

    PersistentMap<K, V> without(K key) {
        return containsKey(key)
            ? new PersistentMap<>(root.remove(0, key.hashCode(), key), size - 1) : this;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public V get(Object key) {
        Leaf<K, V> found = root.find(key.hashCode(), key);
        return found == null ? null : found.value;
    }

    @Override
    public boolean containsKey(Object key) {
        return root.find(key.hashCode(), key) != null;
    }

    @Override
    public Set<Map.Entry<K, V>> entrySet() {
        return new AbstractSet<>() {
            @Override
            public int size() {
                return size;
            }

            @Override
            public Iterator<Map.Entry<K, V>> iterator() {
                return new Walk<>(root);
            }
        };
    }

    private static final class Walk<K, V> implements Iterator<Map.Entry<K, V>> {

        private final Deque<Object> ahead = new ArrayDeque<>();

        Walk(Fork<K, V> root) {
            ahead.addAll(Arrays.asList(root.slots));
        }

        @Override
        public boolean hasNext() {
            return !ahead.isEmpty();
        }

        @Override
        @SuppressWarnings("unchecked")
        public Map.Entry<K, V> next() {
            Object at = ahead.pop();
            while (at instanceof Fork<?, ?> fork) {
                Arrays.asList(fork.slots).forEach(ahead::push);
                at = ahead.pop();
            }
            Leaf<K, V> leaf = (Leaf<K, V>) at;
            if (leaf.next != null) {
                ahead.push(leaf.next);
            }
            return leaf;
        }
    }
}

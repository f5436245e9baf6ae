package store;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/**
 * Works on many rows at once; where some of them are damaged it halves them until each of those
 * stands alone, so that one row that cannot be read hides no other.
 */
final class Piecewise {

    /** On all of {@code keys} together. */
    @FunctionalInterface
    interface Part<K, R> {
        List<R> on(List<K> keys) throws SQLException;
    }

    /** What stands for a row that is damaged. */
    @FunctionalInterface
    interface Damaged<K, R> {
        List<R> instead(K key) throws SQLException;
    }

    private Piecewise() {}

    /** What {@code part} makes of {@code keys}, in their order. */
    static <K, R> List<R> on(Database database, List<K> keys, Part<K, R> part,
            Damaged<K, R> damaged) throws SQLException {
        if (keys.isEmpty()) {
            return List.of();
        }
        try {
            return part.on(keys);
        } catch (SQLException e) {
            if (!database.isDamage(e)) {
                throw e;
            }
            if (keys.size() == 1) {
                return damaged.instead(keys.get(0));
            }
            int half = keys.size() / 2;
            List<R> all =
                new ArrayList<>(on(database, keys.subList(0, half), part, damaged));
            all.addAll(on(database, keys.subList(half, keys.size()), part, damaged));
            return all;
        }
    }
}

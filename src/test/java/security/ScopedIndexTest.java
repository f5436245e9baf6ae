package security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import transaction.InvalidRequest;
import transaction.Mode;
import transaction.Status;
import transaction.Submission;
import transaction.Summary;
import transaction.TransactionIndex.Filter;
import transaction.TransactionIndex.Page;

/** A list by a prefix tells a caller with a scope nothing of what lies outside. */
class ScopedIndexTest {

    private final Gids gids = new Gids();

    @Test
    void aPrefixOfOthersIsAnsweredAsIfThereWereNone() {
        gids.have("orders-1", "payroll-2024-07-alice", "payroll-2024-07-bob");
        for (String cursor : List.of("", "0/", "0/gid:payroll-2024-07-alice", "7/")) {
            assertEquals(new Page(List.of(), ""), list("orders-*", "payroll-", cursor, 1), cursor);
        }
    }

    @Test
    void aShorterPrefixReadsOnlyWhatLiesInTheScope() {
        gids.have("office-1", "office-2", "oracle-1", "oracle-2", "orders-1", "orders-2", "x");
        for (int limit = 1; limit < 6; limit++) {
            assertEquals(List.of("office-1", "office-2", "orders-1", "orders-2"),
                pages("orders-*,office-*,orders-2*", "o", limit));
        }
        assertEquals(List.of("orders-2"), pages("orders-*", "orders-2", 1));
        assertFalse(gids.read.contains("oracle-1"));
    }

    @Test
    void onePatternMayBeOneGid() {
        gids.have("orders-1", "orders-10", "orders-2", "orders-20");
        assertEquals(List.of("orders-1", "orders-20"), pages("orders-1,orders-20", "orders", 1));
        assertEquals(List.of(), pages("orders-1", "orders-10", 5));
        assertEquals(List.of(), pages("orders-3,orders", "ord", 5));
        assertEquals(new Page(List.of(), ""), list("orders-3", "orders", "", 5));
    }

    @Test
    void asManyPatternsAsThereMayBeAreAllRead() {
        List<String> all = IntStream.range(10, 10 + Scope.PATTERNS_MAX)
            .mapToObj(i -> "o" + i + "-1").toList();
        gids.have(all.toArray(String[]::new));
        String scope = String.join(",", all.stream().map(gid -> gid.replace("-1", "-*")).toList());
        assertEquals(all, pages(scope, "o", 100));
        assertEquals(all, pages(scope, "o", 3));
    }

    @Test
    void whatIsNoPositionIsRefused() {
        for (String cursor : List.of("gid:payroll-1", "x", "/", "-1/", "x/gid:a")) {
            Throwable thrown = assertThrows(CompletionException.class,
                () -> list("orders-*", "orders-", cursor, 1), cursor);
            assertEquals(InvalidRequest.class, thrown.getCause().getClass());
        }
    }

    private List<String> pages(String scope, String prefix, int limit) {
        List<String> found = new ArrayList<>();
        String cursor = "";
        do {
            Page page = list(scope, prefix, cursor, limit);
            page.rows().forEach(row -> found.add(row.submission().gid()));
            cursor = page.next();
        } while (!cursor.isEmpty());
        return found;
    }

    private Page list(String scope, String prefix, String cursor, int limit) {
        return new ScopedIndex(gids, Scope.of(scope)).list(
            Filter.ALL.ofGids(prefix), cursor, limit).toCompletableFuture().join();
    }

    /** Rows in the order of their gids, with the cursor of the last one that was read. */
    private static final class Gids extends ReadIndex {

        private final TreeSet<String> all = new TreeSet<>();
        private final List<String> read = new ArrayList<>();

        void have(String... gids) {
            all.addAll(List.of(gids));
        }

        @Override
        public CompletionStage<Page> list(Filter filter, String cursor, int limit) {
            String after = cursor.isEmpty() ? "" : cursor.substring("gid:".length());
            List<String> left = all.tailSet(after, false).stream()
                .filter(gid -> gid.startsWith(filter.search().gidPrefix())).toList();
            List<String> page = left.subList(0, Math.min(limit, left.size()));
            read.addAll(page);
            return CompletableFuture.completedFuture(new Page(
                page.stream().map(Gids::row).toList(),
                page.size() == left.size() ? "" : "gid:" + page.get(page.size() - 1)));
        }

        private static Summary row(String gid) {
            return new Summary(Submission.bare(gid, Mode.TCC), Status.PREPARED, "", "",
                Instant.EPOCH, Instant.EPOCH, null, Duration.ZERO, "");
        }

        @Override
        public CompletionStage<Optional<Summary>> find(String gid) {
            throw new IllegalStateException("not asked here");
        }

        @Override
        public CompletionStage<Entries> history(String gid, long after, int limit) {
            throw new IllegalStateException("not asked here");
        }

        @Override
        public CompletionStage<Troubles> troubles(String namespace, int limit) {
            throw new IllegalStateException("not asked here");
        }
    }
}

package store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import store.LeaseTable.Claim;
import store.NodeTable.Node;
import store.NodeTable.Row;

/** Of those that want the lease one has it, and no longer than it lives. */
@ParameterizedClass(name = "{0}")
@MethodSource("database.Databases#all")
class LeaseTableTest {

    private static final String NAME = "pactor-pekko-sbr";

    /** Longer than any of these tests, so that rows lapse only when they are made old. */
    private static final Duration FENCE = Duration.ofMinutes(5);

    private static final Node A = new Node("pactor@10.0.0.1:7355", "a1", true, 128, "1");
    private static final Node B = new Node("pactor@10.0.0.2:7355", "b1", true, 128, "1");
    private static final Node C = new Node("pactor@10.0.0.3:7355", "c1", true, 128, "1");

    @TempDir
    Path dir;

    @Parameter
    String kind;

    private Place place;
    private Database database;
    private Database other;
    private NodeTable nodes;

    @BeforeEach
    void open() {
        place = Place.fresh(kind, dir);
        database = Database.open(place.settings(), H2Files.meter());
        // A file of H2 is one process's, so there both are the same.
        other = place.isH2() ? database : Database.open(place.settings(), H2Files.meter());
        nodes = new NodeTable(database);
        List.of(A, B, C).forEach(each -> get(nodes.enter(each)));
    }

    @AfterEach
    void close() {
        database.close();
        other.close();
    }

    @Test
    void it_is_taken_once_and_again_by_its_holder() {
        assertTrue(take(A));
        assertTrue(take(A));
        assertFalse(take(B));
        assertEquals(List.of(A.address() + " a1"), holders());
    }

    @Test
    void of_two_at_once_one_has_it_each_time() {
        for (int i = 0; i < 40; i++) {
            CompletionStage<Optional<Duration>> one = nodes.leases().take(claim(A));
            CompletionStage<Optional<Duration>> two = new NodeTable(other).leases().take(claim(B));
            assertTrue(get(one).isPresent() ^ get(two).isPresent(), "in round " + i);
            if (i % 2 == 0) {
                place.execute("DELETE FROM pactor_lease");
            } else {
                place.execute("UPDATE pactor_lease SET incarnation = 'gone'");
            }
        }
    }

    @Test
    void the_lease_of_a_dead_node_lapses_with_its_row() {
        assertTrue(take(A));
        old(A);
        assertTrue(take(B));
        assertEquals(List.of(B.address() + " b1"), holders());
        assertFalse(take(A));
    }

    @Test
    void so_does_that_of_one_that_was_shut_out_has_left_or_was_started_again() {
        assertTrue(take(A));
        get(nodes.expel(A));
        assertTrue(take(B));
        get(nodes.leave(B));
        assertTrue(take(C));
        Node again = new Node(C.address(), "c2", true, 128, "1");
        get(nodes.enter(again));
        assertTrue(take(again));
        assertFalse(take(C));
    }

    @Test
    void one_without_a_row_of_its_own_takes_nothing() {
        assertFalse(take(new Node("pactor@10.0.0.4:7355", "d1", true, 128, "1")));
        assertFalse(take(new Node(A.address(), "a2", true, 128, "1")));
        assertEquals(List.of(), holders());
    }

    @Test
    void who_takes_it_shuts_the_lost_out_and_they_cannot_take_it_even_when_it_is_free() {
        assertTrue(take(new Claim(NAME, B, Set.of(A.address()), false, FENCE)));
        get(nodes.leases().release(NAME, B));
        assertEquals(List.of(), holders());
        assertFalse(take(new Claim(NAME, A, Set.of(B.address(), C.address()), false, FENCE)));
        assertEquals(List.of(A.address()), get(nodes.renew(B)).stream().filter(Row::expelled)
            .map(row -> row.node().address()).toList());
    }

    @Test
    void the_holder_hears_for_how_long_the_lost_may_still_act() {
        Claim claim = new Claim(NAME, B, Set.of(A.address(), C.address()), false, FENCE);
        aged(A, FENCE.minusSeconds(100));
        aged(C, FENCE.minusSeconds(200));
        Duration left = get(nodes.leases().take(claim)).orElseThrow();
        assertTrue(left.compareTo(Duration.ofSeconds(200)) <= 0
            && left.compareTo(Duration.ofSeconds(100)) > 0, left.toString());
        old(A);
        old(C);
        assertEquals(Optional.of(Duration.ZERO), get(nodes.leases().take(claim)));
    }

    @Test
    void who_is_shut_out_renews_its_row_no_more() {
        Claim claim = new Claim(NAME, B, Set.of(A.address()), false, FENCE);
        get(nodes.leases().take(claim));
        old(A);
        get(nodes.renew(A));
        assertEquals(Optional.of(Duration.ZERO), get(nodes.leases().take(claim)));
    }

    @Test
    void who_is_refused_shuts_nobody_out() {
        assertTrue(take(A));
        assertFalse(take(new Claim(NAME, B, Set.of(A.address(), C.address()), false, FENCE)));
        assertTrue(get(nodes.renew(B)).stream().noneMatch(Row::expelled));
    }

    @Test
    void who_takes_it_is_alive_from_then_on_for_a_whole_fence() {
        old(A);
        assertTrue(take(A));
        assertFalse(take(B));
    }

    @Test
    void who_yields_does_so_to_the_living_alone() {
        Claim yields = new Claim(NAME, B, Set.of(A.address()), true, FENCE);
        assertFalse(take(yields));
        old(A);
        assertTrue(take(yields));
    }

    @Test
    void it_is_given_back_by_its_holder_alone() {
        assertTrue(take(A));
        get(nodes.leases().release(NAME, B));
        assertFalse(take(B));
        get(nodes.leases().release(NAME, A));
        assertTrue(take(B));
    }

    @Test
    void without_the_database_it_is_not_taken() {
        database.close();
        assertThrows(CompletionException.class, () -> take(A));
    }

    private boolean take(Node node) {
        return take(claim(node));
    }

    private boolean take(Claim claim) {
        return get(nodes.leases().take(claim)).isPresent();
    }

    private static Claim claim(Node node) {
        return new Claim(NAME, node, Set.of(), false, FENCE);
    }

    private void old(Node node) {
        aged(node, FENCE.plusMinutes(1));
    }

    private void aged(Node node, Duration age) {
        place.execute("UPDATE pactor_node SET seen_at = seen_at - ? WHERE address = ?",
            age.toNanos() / 1_000, node.address());
    }

    private List<String> holders() {
        return place.query("SELECT address, incarnation FROM pactor_lease");
    }

    private static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }
}

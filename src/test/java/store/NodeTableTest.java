package store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;
import store.NodeTable.Node;
import store.NodeTable.Row;

/** Who works on a database, by the database's own clock. */
@ParameterizedClass(name = "{0}")
@MethodSource("database.Databases#all")
class NodeTableTest {

    @TempDir
    Path dir;

    @Parameter
    String kind;

    @Test
    void a_node_comes_is_seen_and_leaves() {
        Place place = Place.fresh(kind, dir);
        try (Database database = Database.open(place.settings(), H2Files.meter())) {
            NodeTable nodes = new NodeTable(database);
            Node own = new Node("pactor@10.0.0.1:25520", "a1", false, 128, "1");
            get(nodes.enter(own));
            get(nodes.enter(new Node("pactor@10.0.0.2:25520", "b1", true, 64, "2")));

            Row first = get(nodes.renew(own.settledNow())).stream()
                .filter(row -> row.node().address().equals(own.address())).findFirst()
                .orElseThrow();
            assertEquals(own, first.node());
            assertEquals(first.started(), first.seen());
            assertTrue(first.age().compareTo(Duration.ofSeconds(10)) < 0, first.toString());
            Duration off = Duration.between(Micros.toInstant(first.started()), Instant.now());
            assertTrue(off.abs().compareTo(Duration.ofSeconds(30)) < 0, "in UTC, off by " + off);

            get(nodes.leave(own));
            assertEquals(List.of("b1"), get(nodes.renew(own)).stream()
                .map(row -> row.node().incarnation()).toList());
        }
    }

    private static <T> T get(CompletionStage<T> stage) {
        return stage.toCompletableFuture().join();
    }
}

package pactor.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import store.NodeTable.Node;
import store.NodeTable.Row;

/** Whom a node joins that knows only the rows of the others. */
class RendezvousTest {

    private static final Node OWN = new Node("b", "1", false, 128, "v");

    @Test
    void nodesThatWorkThereAreJoinedAtOnce() {
        assertEquals(Optional.of(List.of("a", "d")), Rendezvous.seeds(
            OWN, List.of(row("d", true), row("0", false), row("a", true)), false));
    }

    @Test
    void nobodyFormsAClusterTooSoon() {
        assertEquals(Optional.empty(), Rendezvous.seeds(OWN, List.of(), false));
        assertEquals(Optional.empty(), Rendezvous.seeds(OWN, List.of(row("a", false)), false));
    }

    @Test
    void theFirstOfThoseThatWaitFormsItAndTheOthersJoin() {
        assertEquals(Optional.of(List.of()), Rendezvous.seeds(OWN, List.of(), true));
        assertEquals(Optional.of(List.of()),
            Rendezvous.seeds(OWN, List.of(row("c", false), row("d", false)), true));
        assertEquals(Optional.of(List.of("a")),
            Rendezvous.seeds(OWN, List.of(row("c", false), row("a", false)), true));
    }

    private static Row row(String address, boolean settled) {
        return new Row(new Node(address, "1", settled, 128, "v"), false, 0, 0, Duration.ZERO);
    }
}

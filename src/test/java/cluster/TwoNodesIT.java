package cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import client.CoordinatorProcess;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** Two processes over one PostgreSQL: either goes on when the other is killed. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class TwoNodesIT {

    private static final int WAITING = 60;

    @TempDir
    private static Path dir;

    private static Nodes nodes;

    @BeforeAll
    static void start() {
        nodes = new Nodes(dir, 2);
    }

    @AfterAll
    static void stop() {
        if (nodes != null) {
            nodes.close();
        }
    }

    @Test
    @Order(1)
    void theYoungerGoesOnWithoutTheOlder() throws Exception {
        survives(nodes.node(1), nodes.node(0), "older-killed");
    }

    /** After the first test the one that was killed is the younger. */
    @Test
    @Order(2)
    void theOlderGoesOnWithoutTheYounger() throws Exception {
        survives(nodes.node(1), nodes.node(0), "younger-killed");
    }

    /** Of equal sides Pekko prefers that of the lower address, so both ways round. */
    @Test
    @Order(3)
    void soItIsWhicheverOfThemHasTheLowerAddress() throws Exception {
        survives(nodes.node(0), nodes.node(1), "other-killed");
    }

    private static void survives(CoordinatorProcess survivor, CoordinatorProcess victim,
            String name) throws Exception {
        try (WaitingBranches branches = new WaitingBranches()) {
            WaitingSagas sagas = new WaitingSagas(name, branches);
            sagas.submit(List.of(survivor, victim), WAITING);
            branches.watch();
            victim.killHard();
            sagas.assertCalledSoon(name);
            assertTrue(survivor.isAlive());
            assertEquals(200, WaitingSagas.get(survivor, "/api/health").statusCode());
            sagas.endAll(survivor);
            victim.restart();
            assertTrue(survivor.isAlive());
        }
    }
}

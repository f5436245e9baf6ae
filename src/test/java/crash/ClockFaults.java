package crash;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import crash.Child.Place;
import database.DatabaseServer;
import database.Databases;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The clock of the coordinator's machine is set forward and back by an hour and a day, under load:
 * nothing times out before its time by much, nothing sleeps on. Row F-01 of the failure model, with
 * the library libfaketime, which lies to one process about the time and can change its mind.
 */
@ParameterizedClass(name = "{0}")
@ValueSource(strings = {Databases.H2, Databases.POSTGRESQL})
class ClockFaults {

    /** Seconds by which the process is lied to, one after another. */
    private static final int[] AHEAD = {3_600, -3_600, 86_400, -86_400, 0};

    /** What the library needs to look at its file again, and a little more. */
    private static final Duration NOTICED_WITHIN = Duration.ofSeconds(5);

    @Parameter
    String kind;

    private Path offset;
    private RunRecord record;
    private DatabaseServer server;
    private DatabaseScene scene;

    @BeforeEach
    void open(@TempDir Path home) throws Exception {
        boolean possible = FalseClock.isHere();
        if (!possible && System.getenv("CI") != null) {
            throw new AssertionError("clock jumps need the package libfaketime");
        }
        assumeTrue(possible, "NO CLOCK JUMP WAS TESTED: install libfaketime");
        record = new RunRecord("clock-" + kind, RunRecord.anySeed())
            .plan("clock set", AHEAD.length).planTransactions(100).planAllRules().butNot("C3");
        offset = Files.writeString(home.resolve("offset"), FalseClock.text(0) + "\n");
        String url = "";
        if (!kind.equals(Databases.H2)) {
            server = Databases.own(kind);
            server.create(DatabaseScene.DATABASE);
            url = server.url(DatabaseScene.DATABASE);
        }
        scene = new DatabaseScene(home, record, Child.Setup.lean()
            .withArguments(Databases.arguments(url).toArray(String[]::new))
            .at(new Place(List.of(), "127.0.0.1", FalseClock.following(offset))));
    }

    @AfterEach
    void close() {
        if (scene != null) {
            scene.close();
        }
        if (server != null) {
            server.close();
        }
    }

    @Test
    void nothingComesTooEarlyAndNothingSleepsOn() throws Exception {
        scene.begin();
        for (int ahead : AHEAD) {
            Files.writeString(offset, FalseClock.text(ahead) + "\n");
            boolean set = DatabaseScene.await(NOTICED_WITHIN,
                () -> FalseClock.isAhead(scene.wire(), ahead));
            record.happened("clock set", set ? 1 : 0);
            scene.awaitBack("clock set");
            scene.load().awaitSome(50, Duration.ofSeconds(3));
        }
        scene.judge(server);
    }
}

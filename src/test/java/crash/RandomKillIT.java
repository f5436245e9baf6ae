package crash;

import static org.junit.jupiter.api.Assertions.assertEquals;

import crash.Transfer.Plan;
import database.Databases;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Kills a coordinator again and again, at moments that a seed chooses, also while it starts, under
 * a load of all modes and among participants that fail, are slow or do not answer. In the end every
 * acknowledged transaction has ended as it was promised, and no cent is missing.
 *
 * <p>The seed is printed; {@code -Dcrash.seed=…} runs it again, though not with the same timing.
 * {@code -Dcrash.kills=…} makes it longer.
 */
@ParameterizedClass(name = "{0}")
@MethodSource("database.Databases#all")
class RandomKillIT {

    private static final int KILLS = Integer.getInteger("crash.kills", 24);

    /** On the other databases. What they add is in their commits: each life has enough of them. */
    private static final int KILLS_ELSEWHERE = Integer.getInteger("crash.kills", 8);

    /** A process lives no longer once it serves. */
    private static final Duration LIFE_MAX = Duration.ofSeconds(3);

    @Parameter
    String kind;

    private final long seed = Long.getLong("crash.seed", System.nanoTime());
    private RunRecord record;
    private BankParticipants bank;
    private Child child;
    private BankLoad load;

    @BeforeEach
    void open(@TempDir Path home) throws Exception {
        record = new RunRecord("random-kill-" + kind, seed).plan("kill", kills());
        bank = new BankParticipants(BankLoad.ACCOUNTS);
        Databases.choose(kind, home.resolve("data"));
        child = Child.in(home);
        load = new BankLoad(new Wire(child::uri), bank, seed);
    }

    @AfterEach
    void close() {
        load.close();
        child.close();
        bank.close();
    }

    @Test
    void nothingAcknowledgedIsLostAndNothingIsHalfDone() throws Exception {
        child.serving();
        load.start();

        int whileStarting = killAgainAndAgain(new Random(seed));

        load.finish();
        record.happened("kill", kills());
        record.happened("kill while it started", whileStarting);
        record.judged(load.judge(), load.told());
        System.out.println(load);
        record.close();
        if (kind.equals(Databases.H2)) {
            assertEquals(Set.of(Plan.values()), load.plans().keySet(),
                "every plan must have been played");
        }
    }

    private int kills() {
        return kind.equals(Databases.H2) ? KILLS : KILLS_ELSEWHERE;
    }

    /** @return how many times it was killed before it served */
    private int killAgainAndAgain(Random random) {
        int whileStarting = 0;
        for (int kill = 1; kill <= kills(); kill++) {
            boolean early = random.nextInt(4) == 0;
            if (early) {
                LockSupport.parkNanos(random.nextInt(1_500) * 1_000_000L);
            } else {
                child.awaitServing();
                load.awaitSome(1 + random.nextInt(60), LIFE_MAX);
                LockSupport.parkNanos(random.nextInt(30) * 1_000_000L);
            }
            whileStarting += early ? 1 : 0;
            child.kill();
            child.launch("");
        }
        child.awaitServing();
        return whileStarting;
    }
}

package health;

import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** A node that does not miss its parts does not pass these tests: docs/seeded-bugs.md. */
class SeededGuardBugsTest {

    @Test
    void thread_not_guarded() {
        GuardTest wrong = new Impatient() {
            @Override
            Thread thread(String name, Runnable work) {
                Thread thread = new Thread(work, name);
                thread.setUncaughtExceptionHandler((dead, thrown) -> { });
                return thread;
            }
        };
        assertFound(wrong::aThreadThatDiesOfAnErrorIsTheEnd);
        assertFound(wrong::soIsOneThatDiesOfAnExceptionAndOneThatEndsIsNot);
    }

    @Test
    void periodic_task_stops_quietly() {
        GuardTest wrong = new Impatient() {
            @Override
            ScheduledThreadPoolExecutor scheduler(String name) {
                return new ScheduledThreadPoolExecutor(1);
            }
        };
        assertFound(wrong::aPeriodicTaskThatStopsOfAnErrorIsTheEndAndOfAnExceptionNot);
    }

    @Test
    void silence_not_missed() {
        GuardTest wrong = new Impatient() {
            @Override
            void look(int times) {
                // Nobody looks.
            }
        };
        assertFound(wrong::aPartThatFallsSilentIsFirstNotReadyAndThenTheEnd);
    }

    private static void assertFound(Executable test) {
        assertThrows(Throwable.class, test);
    }

    /** What is never told is not waited for as long as what may be late. */
    private abstract static class Impatient extends GuardTest {
        @Override
        Duration patience() {
            return Duration.ofMillis(200);
        }
    }
}

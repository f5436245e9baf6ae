package transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import transaction.TransactionHost.Turn;

class TransactionHostTest {

    private static final Moment NOW =
        new Moment(Instant.parse("2026-03-01T12:00:00Z"), Policy.DEFAULT);
    private static final Duration IDLE = Duration.ofSeconds(2);
    private static final CallKey KEY = new CallKey("01", Op.ACTION);

    private final Effects effects = new Effects();
    private final TransactionHost<String, String> host = new TransactionHost<>(IDLE, effects);

    @Test
    void nothingHappensBeforeTheFactsAreDurable() {
        Command submit = Phrase.command("submit saga steps=1");
        Decision decision =
            Decider.decide(GlobalTransaction.ABSENT, host.live(), submit, NOW);

        assertEquals("writing", host.carryOut(turn(submit, "client", true, decision)));
        assertEquals(List.of(), effects.done);
        assertEquals(Live.NONE, host.live());

        effects.whenDurable.run();
        Duration wait = Duration.between(NOW.now(), decision.lookAgainAt());
        assertEquals(List.of("acted", "answer client", "call 01", "lookAgain " + wait),
            effects.done);
        assertEquals(decision.live(), host.live());
    }

    @Test
    void whoeverWaitsIsAnsweredAtTheEndOfThePass() {
        Decision decision = decision(Live.NONE, null, null, Status.SUCCEED);

        assertEquals("nothing", host.carryOut(turn(new Command.Resume(), "client", true,
            decision)));
        assertEquals(List.of("acted", "await client", "passEnded", "leaveMemory PT2S"),
            effects.done);
    }

    @Test
    void aDecisionThatNobodyAskedForAnswersNobody() {
        host.carryOut(turn(new Command.Resume(), null, true,
            decision(Live.NONE, null, Reply.DONE, null)));

        assertEquals(List.of("acted", "passEnded", "leaveMemory PT2S"), effects.done);
    }

    @ParameterizedTest(name = "{0} ms from now: {4}")
    @CsvSource(textBlock = """
        -5,   false, false, true,  lookAgain PT0S
        0,    false, false, true,  lookAgain PT0S
        4000, false, false, true,  lookAgain PT4S
        4001, false, false, true,  leaveMemory PT2S
        4001, true,  false, true,  lookAgain PT4.001S
        4001, false, true,  true,  lookAgain PT4.001S
        ,     true,  false, true,  stay
        4000, false, false, false, leaveMemory PT2S
        4000, true,  false, false, stay
        4000, false, true,  false, stay
        """)
    void looksAgainIfThatIsNearAndLeavesMemoryIfItIsFar(
            Long millis, boolean running, boolean paused, boolean goes, String then) {
        Live live = running ? Live.NONE.started(List.of(KEY)) : Live.NONE;
        live = paused ? live.pausing(KEY, NOW.now().plusSeconds(60)) : live;
        Instant look = millis == null ? null : NOW.now().plusMillis(millis);

        host.carryOut(turn(new Command.Resume(), null, goes, decision(live, look, null, null)));

        assertEquals(then, effects.done.get(effects.done.size() - 1));
    }

    @Test
    void whatIsHeldBackLooksAgainWhenItsPaceSaysSo() {
        effects.again = Duration.ofMillis(7);

        host.carryOut(turn(new Command.Resume(), null, false,
            decision(Live.NONE, null, null, null)));

        assertEquals("lookAgain PT0.007S", effects.done.get(effects.done.size() - 1));
    }

    @Test
    void afterARestartTheUnfinishedGoOnAndNothingElseIsKnown() {
        Decision open = Decider.decide(GlobalTransaction.ABSENT, Live.NONE,
            Phrase.command("submit saga steps=1"), NOW);
        host.carryOut(turn(new Command.Resume(), null, true,
            decision(open.live(), null, null, null)));
        effects.done.clear();

        host.recovered(open.after());
        host.recovered(GlobalTransaction.ABSENT);

        assertEquals(List.of("resume", "leaveMemory PT2S"), effects.done);
        assertEquals(Live.NONE, host.live());
    }

    private static Decision decision(Live live, Instant look, Reply reply, Status awaits) {
        return new Decision(List.of(), GlobalTransaction.ABSENT, live, List.of(), look, look,
            reply, awaits, List.of());
    }

    private static Turn<String> turn(
            Command command, String request, boolean goes, Decision decision) {
        return new Turn<>(
            GlobalTransaction.ABSENT, command, request, null, NOW, goes, decision);
    }

    private static final class Effects implements TransactionHost.Effects<String, String> {

        private final List<String> done = new ArrayList<>();
        private Runnable whenDurable;
        private Duration again;

        @Override
        public String nothing(Runnable then) {
            then.run();
            return "nothing";
        }

        @Override
        public String write(Entry entry, Turn<String> turn, Runnable then) {
            whenDurable = then;
            return "writing";
        }

        @Override
        public void acted(Turn<String> turn) {
            done.add("acted");
        }

        @Override
        public void answer(String request, Reply reply) {
            done.add("answer " + request);
        }

        @Override
        public void await(String request, Status hoped) {
            done.add("await " + request);
        }

        @Override
        public void raise(Alert alert) {
            done.add("raise");
        }

        @Override
        public void passEnded(Turn<String> turn) {
            done.add("passEnded");
        }

        @Override
        public void call(BranchCall call, Turn<String> turn) {
            done.add("call " + call.branchId());
        }

        @Override
        public Duration again() {
            return again;
        }

        @Override
        public void lookAgain(Duration in) {
            done.add("lookAgain " + in);
        }

        @Override
        public void leaveMemory(Duration in) {
            done.add("leaveMemory " + in);
        }

        @Override
        public void stay() {
            done.add("stay");
        }

        @Override
        public void resume() {
            done.add("resume");
        }
    }
}

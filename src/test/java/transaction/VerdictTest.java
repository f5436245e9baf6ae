package transaction;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class VerdictTest {

    @ParameterizedTest(name = "{0} {1}: {2} {3} {4} {5}")
    @CsvSource(delimiter = '|', textBlock = """
        # mode   | op         | SUCCESS   | FAILURE      | ONGOING       | UNKNOWN
        saga     | action     | SUCCEEDED | FAILED       | AGAIN         | AGAIN_SLOWER
        limited  | action     | SUCCEEDED | FAILED       | AGAIN_AT_ONCE | AGAIN_AT_ONCE
        saga     | compensate | SUCCEEDED | AGAIN_SLOWER | AGAIN         | AGAIN_SLOWER
        limited  | compensate | SUCCEEDED | AGAIN_SLOWER | AGAIN         | AGAIN_SLOWER
        tcc      | confirm    | SUCCEEDED | AGAIN_SLOWER | AGAIN         | AGAIN_SLOWER
        tcc      | cancel     | SUCCEEDED | AGAIN_SLOWER | AGAIN         | AGAIN_SLOWER
        xa       | commit     | SUCCEEDED | AGAIN_SLOWER | AGAIN         | AGAIN_SLOWER
        xa       | rollback   | SUCCEEDED | AGAIN_SLOWER | AGAIN         | AGAIN_SLOWER
        msg      | action     | SUCCEEDED | AGAIN_SLOWER | AGAIN         | AGAIN_SLOWER
        msg      | msg        | SUCCEEDED | FAILED       | AGAIN         | AGAIN_SLOWER
        workflow | resume     | AGAIN_AFRESH | AGAIN_SLOWER | AGAIN      | AGAIN_SLOWER
        """)
    void anOutcomeMeansWhatTheModeSaysAndOnlyThreeOfThemEndAnything(
            String kind, String op, String success, String failure, String ongoing,
            String unknown) {
        GlobalTransaction t = given(kind);
        BranchOp called = Op.of(op).filter(each -> each == Op.MSG || each == Op.RESUME).isPresent()
            ? t.inquiry() : t.ops(Op.of(op).orElseThrow()).findFirst().orElseThrow();

        assertEquals(success, verdict(t, called, Outcome.SUCCESS));
        assertEquals(failure, verdict(t, called, Samples.FAILURE));
        assertEquals(ongoing, verdict(t, called, Samples.ONGOING));
        assertEquals(unknown, verdict(t, called, Samples.UNKNOWN));
    }

    private static GlobalTransaction given(String kind) {
        if (kind.equals("limited")) {
            return Story.begin(new Command.Submit(Samples.saga(2, Samples.retryLimit(3, 0)))).t();
        }
        Mode mode = Mode.of(kind).orElseThrow();
        return Samples.in(mode, Status.PREPARED).t();
    }

    private static String verdict(GlobalTransaction t, BranchOp op, Outcome outcome) {
        return t.mode().verdict(t, op, outcome).name();
    }
}

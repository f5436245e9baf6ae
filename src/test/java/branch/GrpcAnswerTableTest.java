package branch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.grpc.Status;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import transaction.Outcome.Kind;

/** What the status of a gRPC participant means. */
final class GrpcAnswerTableTest {

    private static final String URL = "b:9/busi.Busi/In";

    @ParameterizedTest(name = "{0} as {1} with {2} is {3}")
    @CsvSource(delimiter = '|', emptyValue = "", textBlock = """
        0   | OK                  | ''           | SUCCESS
        0   | OK                  | FAILURE      | SUCCESS
        10  | ABORTED             | ''           | FAILURE
        10  | ABORTED             | no funds     | FAILURE
        10  | ABORTED             | ONGOING      | ONGOING
        10  | ABORTED             | ' ONGOING'   | FAILURE
        10  | ABORTED             | ongoing      | FAILURE
        10  | ABORTED             | still ONGOING| FAILURE
        9   | FAILED_PRECONDITION | ''           | ONGOING
        9   | FAILED_PRECONDITION | FAILURE      | ONGOING
        409 | UNKNOWN             | ''           | FAILURE
        409 | UNKNOWN             | no funds     | FAILURE
        409 | UNKNOWN             | ONGOING      | FAILURE
        425 | UNKNOWN             | ''           | ONGOING
        200 | UNKNOWN             | ''           | UNKNOWN
        500 | UNKNOWN             | FAILURE      | UNKNOWN
        17  | UNKNOWN             | ''           | UNKNOWN
        010 | UNKNOWN             | ''           | UNKNOWN
        10x | UNKNOWN             | ''           | UNKNOWN
        -1  | UNKNOWN             | ''           | UNKNOWN
        2   | UNKNOWN             | FAILURE      | UNKNOWN
        """)
    void theStatusGivesTheOutcome(String told, Status.Code code, String message, Kind outcome) {
        assertEquals(outcome, GrpcInvoker.read(URL, new GrpcAnswer(told, code, message)).kind());
    }

    static Stream<Status.Code> codes() {
        return Stream.of(Status.Code.values());
    }

    @ParameterizedTest
    @MethodSource("codes")
    void whatTheLibraryMakesUpIsNoVerdict(Status.Code code) {
        assertEquals(Kind.UNKNOWN,
                GrpcInvoker.read(URL, new GrpcAnswer("", code, "ONGOING")).kind());
    }

    /** The participant said so, but its answer was broken: nobody knows what it meant. */
    @ParameterizedTest
    @MethodSource("codes")
    void aVerdictInABrokenAnswerIsNone(Status.Code code) {
        for (String told : new String[] {"0", "9", "10", "409", "425"}) {
            boolean whole = told.equals(Integer.toString(code.value()))
                    || told.length() == 3 && code == Status.Code.UNKNOWN;
            Kind read = GrpcInvoker.read(URL, new GrpcAnswer(told, code, "")).kind();
            assertEquals(whole, read != Kind.UNKNOWN, told + " " + code);
        }
    }

    @ParameterizedTest
    @MethodSource("codes")
    void allOtherCodesAreUnknown(Status.Code code) {
        boolean means = code == Status.Code.OK || code == Status.Code.ABORTED
                || code == Status.Code.FAILED_PRECONDITION;
        Kind read = GrpcInvoker.read(
                URL, new GrpcAnswer(Integer.toString(code.value()), code, "FAILURE")).kind();
        assertEquals(means, read != Kind.UNKNOWN);
    }

    @Test
    void theReasonsAreTheProtocols() {
        assertEquals("url:" + URL + " return failed: no funds",
                reason("10", Status.Code.ABORTED, "no funds"));
        assertEquals("url:" + URL + " return ongoing: wait",
                reason("9", Status.Code.FAILED_PRECONDITION, "wait"));
        assertEquals("url:" + URL + " return code UNAVAILABLE: busy",
                reason("14", Status.Code.UNAVAILABLE, "busy"));
        assertEquals("url:" + URL + " return code 500: oops",
                reason("500", Status.Code.UNKNOWN, "oops"));
        assertEquals("url:" + URL + " gave no answer: Connection refused",
                reason("", Status.Code.UNAVAILABLE, "Connection refused"));
    }

    private static String reason(String told, Status.Code code, String message) {
        return GrpcInvoker.read(URL, new GrpcAnswer(told, code, message)).reason();
    }
}

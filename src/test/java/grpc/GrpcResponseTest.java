package grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.protobuf.Empty;
import io.grpc.Status;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import transaction.GlobalTransaction;
import transaction.Reply;

/** The one table from replies to statuses. */
class GrpcResponseTest {

    private static final Empty NOTHING = Empty.getDefaultInstance();

    static Stream<Arguments> replies() {
        return Stream.of(
            Arguments.of(Reply.DONE, "OK", null),
            Arguments.of(new Reply.Refused("no"), "ABORTED", "no FAILURE"),
            Arguments.of(new Reply.Refused("no FAILURE"), "ABORTED", "no FAILURE"),
            Arguments.of(new Reply.Refused(""), "ABORTED", "FAILURE"),
            Arguments.of(new Reply.Ongoing("wait"), "FAILED_PRECONDITION", "wait"),
            Arguments.of(new Reply.Troubled("a Failure"), "UNKNOWN", "a fail***"),
            Arguments.of(new Reply.Missing("none"), "NOT_FOUND", "none"),
            Arguments.of(new Reply.Invalid("FAILURE"), "INVALID_ARGUMENT", "fail***"),
            Arguments.of(new Reply.Overloaded("busy"), "RESOURCE_EXHAUSTED", "busy"),
            Arguments.of(new Reply.Full("no FAILURE"), "UNAVAILABLE", "no fail***"),
            Arguments.of(new Reply.Unclear("perhaps"), "UNAVAILABLE", "perhaps"));
    }

    @ParameterizedTest(name = "{0} is {1}")
    @MethodSource("replies")
    void eachReplyHasItsStatus(Reply reply, String code, String text) {
        GrpcResponse<Empty> answer = GrpcResponse.of(reply, NOTHING);

        assertEquals(Status.Code.valueOf(code), answer.status().getCode());
        assertEquals(text, answer.status().getDescription());
        assertSame(answer.status().isOk() ? NOTHING : null, answer.message());
    }

    @Test
    void whatIsFoundHasAnAnswerOfItsOwn() {
        assertThrows(IllegalStateException.class, () ->
            GrpcResponse.of(new Reply.Found(GlobalTransaction.ABSENT, null), NOTHING));
    }

    /** Trailers that are too large cost a client the status as well. */
    @ParameterizedTest
    @ValueSource(strings = {"a", "%", "a\n", "ü", "交", "🙂", "a🙂"})
    void aTextFitsIntoTheTrailersAndKeepsItsVerdict(String piece) {
        String text = piece.repeat(8_000 / piece.length());

        String told = GrpcResponse.of(new Reply.Refused(text), NOTHING).status().getDescription();

        assertTrue(told.endsWith(" FAILURE"), told);
        int bytes = URLEncoder.encode(told, StandardCharsets.UTF_8).length();
        assertTrue(bytes <= GrpcResponse.TEXT_BYTES + 10, bytes + " bytes");
        assertTrue(bytes > GrpcResponse.TEXT_BYTES - 20, bytes + " bytes");
        assertTrue(text.startsWith(told.substring(0, told.length() - 8)), "cut between characters");
    }
}

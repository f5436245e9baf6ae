package http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import transaction.Limits;

/** A parameter under /api/v1 that nothing can be found by is refused by its name, with 400. */
class BadParametersTest {

    private static final String TRANSACTIONS = "transactions";

    private static final String ATTEMPTS = "transactions/g/attempts";

    private static Wire wire;

    @BeforeAll
    static void start() {
        wire = Wire.start();
    }

    @AfterAll
    static void stop() {
        wire.close();
    }

    static Stream<Arguments> zeros() {
        return Stream.of(
                of(TRANSACTIONS, "status", "mode", "waiting", "parked", "paused", "quarantined",
                    "unfinished", "gid_prefix", "cause", "participant", "error", "error_is",
                    "attribute", "min_attempts", "opened_from", "opened_to", "updated_before",
                    "sort", "cursor", "limit"),
                of(ATTEMPTS, "branch_id", "op", "cursor", "limit"),
                of("transactions/g/history", "cursor", "limit"),
                of("audit", "cursor", "limit"),
                of("topics", "cursor", "limit"))
            .flatMap(each -> each)
            .flatMap(each -> Stream.of("%00", "a%00b", "gid:%00").map(value ->
                Arguments.of(each.get(0), each.get(1), value)));
    }

    private static Stream<List<String>> of(String route, String... names) {
        return Stream.of(names).map(name -> List.of(route, name));
    }

    static Stream<Arguments> others() {
        return Stream.of(
                of(TRANSACTIONS, "opened_from", "opened_to", "updated_before").flatMap(
                    each -> Stream.of("%2B999999999-12-31T23:59:59Z", "%2B10000-01-01T00:00:00Z",
                        "-0001-12-31T23:59:59Z", "-999999999-01-01T00:00:00Z").map(
                            time -> Arguments.of(each.get(0), each.get(1), time))),
                Stream.of(
                    Arguments.of(TRANSACTIONS, "cause", "over"),
                    Arguments.of(TRANSACTIONS, "cause", "Retry"),
                    Arguments.of(TRANSACTIONS, "min_attempts", "2147483648"),
                    Arguments.of(TRANSACTIONS, "gid_prefix", "g".repeat(Limits.GID_CHARS + 1)),
                    Arguments.of(ATTEMPTS, "op", "act"),
                    Arguments.of(
                        ATTEMPTS, "branch_id", "1".repeat(Limits.BRANCH_ID_CHARS + 1))))
            .flatMap(each -> each);
    }

    static Stream<Arguments> good() {
        return Stream.of(
            Arguments.of(TRANSACTIONS, "opened_to", "9999-12-31T23:59:59Z"),
            Arguments.of(TRANSACTIONS, "opened_from", "0000-01-01T00:00:00Z"),
            Arguments.of(TRANSACTIONS, "cause", "check-back"),
            Arguments.of(TRANSACTIONS, "min_attempts", "2147483647"),
            Arguments.of(TRANSACTIONS, "gid_prefix", "g".repeat(Limits.GID_CHARS)));
    }

    @ParameterizedTest
    @MethodSource({"zeros", "others"})
    void it_is_refused(String route, String name, String value) {
        WireClient.Answer answer =
            wire.send("GET", "/api/v1/" + route + "?" + name + "=" + value, "");
        assertEquals(400, answer.status(), answer.body());
        assertTrue(answer.body().contains(name), answer.body());
    }

    @ParameterizedTest
    @MethodSource("good")
    void up_to_there_it_is_taken(String route, String name, String value) {
        WireClient.Answer answer =
            wire.send("GET", "/api/v1/" + route + "?" + name + "=" + value, "");
        assertEquals(200, answer.status(), answer.body());
    }
}

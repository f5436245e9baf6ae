package http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The tables of {@link OutcomeMatrix} and {@link WaitedResults} against the runnable jar, through
 * each of its interfaces: the same cell has the same outcome.
 */
class OutcomeMatrixIT {

    private static StartedJar jar;
    private static Map<String, Door> doors;

    @BeforeAll
    static void start(@TempDir Path dir) {
        jar = StartedJar.in(dir);
        doors = jar.doors().stream().collect(Collectors.toMap(Door::name, Function.identity()));
    }

    @AfterAll
    static void stop() {
        jar.close();
    }

    static Stream<Arguments> cells() {
        return doors.values().stream().flatMap(door -> matrix(door).ownCells()
            .map(cell -> Arguments.of(door.name(), cell)));
    }

    @ParameterizedTest(name = "{0}: {1}")
    @MethodSource("cells")
    void aRequestMovesTheTransactionOrIsRefused(String door, OutcomeMatrix.Cell cell) {
        OutcomeMatrix matrix = matrix(doors.get(door));
        String gid = matrix.gid(cell);
        matrix.bring(cell);
        jar.awaitStatus(gid, cell.state());
        jar.awaitRest(gid);
        JsonNode before = jar.record(gid);

        matrix.ask(cell);

        if (cell.status() == 200) {
            jar.awaitStatus(gid, cell.becomes());
        } else {
            assertEquals(before, jar.record(gid), "nothing was changed");
        }
    }

    static Stream<Arguments> submits() {
        return eachDoor(WaitedResults.SUBMITS);
    }

    @ParameterizedTest(name = "{0}: {1} whose participant says {2}: {3}, {4}")
    @MethodSource("submits")
    void theFirstPassDecidesTheAnswer(
            String door, String mode, String participant, int status, String becomes) {
        Door at = doors.get(door);
        String gid = door + "-waits-" + mode + "-" + participant;
        WaitedResults.join(at, gid, mode, jar.url(participant));

        String told = at.ask("submit", WaitedResults.submit(gid, mode, jar.url(participant)));

        assertEquals(at.told(status), told);
        assertEquals(becomes, jar.status(gid));
        assertEquals(1, jar.participant.calls(gid).size(), "one pass");
    }

    static Stream<Arguments> aborts() {
        return eachDoor(WaitedResults.ABORTS);
    }

    @ParameterizedTest(name = "{0}: aborted tcc whose participant says {1}: {2}, {3}")
    @MethodSource("aborts")
    void anAbortWaitsToo(String door, String participant, int status, String becomes) {
        Door at = doors.get(door);
        String gid = door + "-aborts-" + participant;
        WaitedResults.join(at, gid, "tcc", jar.url(participant));

        String told = at.ask("abort", Requests.bare(gid, "tcc"));

        assertEquals(at.told(status), told);
        assertEquals(becomes, jar.status(gid));
    }

    static Stream<String> names() {
        return doors.keySet().stream();
    }

    @ParameterizedTest
    @MethodSource("names")
    void aDelayedMessageIsNotFinished(String door) {
        Door at = doors.get(door);
        String gid = door + "-delayed";

        String told = at.ask("submit", WaitedResults.submit(gid, "msg", jar.url("yes"))
            .replaceFirst("\\{", "{\"custom_data\":\"{\\\\\"delay\\\\\":10}\","));

        assertEquals(at.told(425), told);
        assertEquals("submitted", jar.status(gid));
        assertEquals(0, jar.participant.calls(gid).size());
    }

    private static OutcomeMatrix matrix(Door door) {
        return new OutcomeMatrix(door, jar.participant.base());
    }

    /** Each line of the table at each door. */
    private static Stream<Arguments> eachDoor(String table) {
        List<Object[]> lines = table.lines()
            .map(line -> (Object[]) line.strip().split("\\s*,\\s*")).toList();
        return doors.keySet().stream().flatMap(door -> lines.stream()
            .map(line -> Arguments.of(Stream.concat(Stream.of(door), Stream.of(line)).toArray())));
    }
}

package pactor.cli.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.util.List;
import org.junit.jupiter.api.Test;

class ServerCommandsTest extends OperatorTest {

    @Test
    void eachGroupSaysHowToListItsTransactions() {
        server.tell("/api/v1/attention", """
            {"items":[
            {"cause":"retrying","participant":"stock:9000","error":"out of","count":120,
             "oldest_at":"2026-01-01T00:00:00.000Z","filter":{"waiting":"retry",
             "participant":"stock:9000","error":"it's out of"}},
            {"cause":"parked","participant":null,"error":null,"count":3,
             "oldest_at":"2026-01-01T00:00:00.000Z","filter":{"parked":true,
             "attribute":["a:b","c:d"]}}],"next":null}""");
        List<String> lines = run("attention").exits(0).lines();
        assertEquals("120 retrying stock:9000 out of", words(lines.get(1)));
        assertEquals("3 parked - -", words(lines.get(2)));
        assertEquals("  pactor tx list --waiting retry --participant stock:9000 --error "
            + "'it'\\''s out of'", lines.get(5));
        assertEquals("  pactor tx list --parked --attribute a:b --attribute c:d", lines.get(6));
        run("attention", "--json").exits(0).says("\"oldest_at\"");
    }

    @Test
    void anOverviewCountsAndWarns() {
        server.tell("/api/v1/overview", """
            {"unfinished":[{"mode":"saga","status":"submitted","count":7,"parked":1,
             "quarantined":0,"oldest_at":"2026-01-01T00:00:00.000Z"}],
             "ready":false,"reasons":["the database is away"],"warnings":["disk"]}""");
        Ran ran = run("overview").exits(0).says("server       not ready",
            "reason       the database is away", "warning      disk");
        assertEquals("saga submitted 7 1 0", words(ran.lines().get(5)));
    }

    @Test
    void nodesAndSettingsAreTables() {
        server.tell("/api/v1/cluster", """
            {"nodes":[{"address":"pekko://pactor@10.0.0.1:7355","status":"up",
             "since":"2026-01-01T00:00:00.000Z","self":true},
             {"address":"pekko://pactor@10.0.0.2:7355","status":"unreachable"}]}""");
        run("cluster").exits(0).says("pekko://pactor@10.0.0.1:7355  up           "
            + "2026-01-01 00:00:00.000Z  answers", "unreachable");
        server.tell("/api/v1/settings", """
            {"items":[{"key":"pactor.store.password","value":"***"}]}""");
        run("settings").exits(0).says("pactor.store.password  ***");
    }

    @Test
    void aPlanIsShownStepByStep() throws Exception {
        server.tell("/api/v1/plan", """
            {"steps":[{"branch_id":"01","op":"action","url":"http://a","then_if_failed":[]},
             {"branch_id":"02","op":"action","url":"http://b",
              "then_if_failed":[{"branch_id":"02","op":"compensate","url":"http://b"},
              {"branch_id":"01","op":"compensate","url":"http://a"}]}],
             "warnings":["branch 02 has no compensation"]}""");
        String file = Files.writeString(dir.resolve("saga.json"), "{\"gid\":\"g\"}").toString();
        run("plan", file).exits(0).says("02 compensate, 01 compensate",
            "warning: branch 02 has no compensation");
        assertEquals(List.of("POST /api/v1/plan {\"gid\":\"g\"}"), server.requests());
        run("plan", dir.resolve("none").toString()).exits(1).says("cannot be read");
    }

    @Test
    void topicsAreATable() {
        server.tell("/api/v1/topics", """
            {"items":[{"topic":"paid","subscribers":[{"url":"http://a"},{"url":"http://b"}]}]}""");
        assertEquals("paid 2 http://a http://b", words(run("topics").exits(0).lines().get(1)));
        run("topics", "delete", "paid").exits(2).says("say --yes");
    }

    private static String words(String line) {
        return line.replaceAll(" \\d+d ", " ").replaceAll(" \\d+d$", "").replaceAll(" +", " ")
            .strip();
    }
}

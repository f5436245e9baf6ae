package pactor.cli.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ParticipantCommandsTest extends OperatorTest {

    @BeforeEach
    void stuck() {
        server.tell("/api/v1/participants", """
            {"items":[{"participant":"stock:9000","stuck":9,"oldest_at":null,
             "causes":{"retry":7,"parked":2}},
             {"participant":"bank","stuck":1,"oldest_at":null,"causes":{"retry":1}}]}""");
    }

    @Test
    void whereSomethingIsStuckIsShownWithWhoIsPaused() {
        server.tell("/api/v1/paused", """
            {"items":[{"participant":"stock:9000","until":"2026-12-01T12:00:00.000Z"},
             {"participant":"idle","until":null}]}""");
        assertEquals(List.of(
            "PARTICIPANT STUCK PAUSED CAUSES",
            "stock:9000 9 until 2026-12-01 12:00:00.000Z retry=7 parked=2",
            "bank 1 - retry=1",
            "idle - until resumed -"),
            run("participants").exits(0).lines().stream()
                .map(each -> each.strip().replaceAll(" +", " ")).toList());
    }

    @Test
    void whoMayNotAskWhoIsPausedSeesTheRest() {
        server.refuse("/api/v1/paused");
        Ran ran = run("participants").exits(0).says("stock:9000",
            "who is paused is shown to operators of the whole server only");
        assertFalse(ran.out().contains("PAUSED"), ran::toString);
    }

    @Test
    void oneIsPausedAndResumed() {
        server.tell("/api/v1/participants/stock%3A9000/pause", """
            {"participant":"stock:9000","changed":true,"paused":true,
             "paused_until":"2026-12-01T12:00:00.000Z"}""");
        server.tell("/api/v1/participants/stock%3A9000/resume", """
            {"participant":"stock:9000","changed":false,"paused":false,"paused_until":null}""");
        run("participants", "pause", "stock:9000", "--until", "2026-12-01T12:00:00Z", "--reason",
            "disk").exits(0).says("stock:9000: paused until 2026-12-01 12:00:00.000Z");
        run("participants", "resume", "stock:9000").exits(0)
            .says("stock:9000: called again; nothing has changed");
        assertEquals(List.of("POST /api/v1/participants/stock%3A9000/pause"
            + " {\"until\":\"2026-12-01T12:00:00Z\",\"reason\":\"disk\"}",
            "POST /api/v1/participants/stock%3A9000/resume {}"), server.requests());
    }

    @Test
    void allArePausedOnlyIfThatIsSaid() {
        server.tell("/api/v1/calls/pause",
            "{\"participant\":\"*\",\"changed\":true,\"paused\":true}");
        run("participants", "pause").exits(2).says("say which participant, or --all");
        run("participants", "resume", "stock", "--all").exits(2);
        assertEquals(List.of(), server.requests());
        run("participants", "pause", "--all").exits(0).says("all participants: paused");
    }

    @Test
    void whoIsPausedIsATable() {
        server.tell("/api/v1/paused", """
            {"items":[{"participant":"stock:9000","until":null,"by":"alice","reason":"disk",
             "paused_at":"2026-12-01T12:00:00.000Z"}]}""");
        assertEquals("stock:9000   2026-12-01 12:00:00.000Z  resumed  alice  disk",
            run("participants", "paused").exits(0).lines().get(1));
    }
}

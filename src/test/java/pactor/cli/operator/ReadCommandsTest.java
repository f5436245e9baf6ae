package pactor.cli.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReadCommandsTest extends OperatorTest {

    @Test
    void aListIsATableWithWhatEachWaitsFor() {
        server.add("order-1", "submitted", "out of stock");
        server.add("order-2", "succeed", "");
        Ran ran = run("tx", "list").exits(0);
        assertEquals(3, ran.lines().size(), ran::toString);
        assertTrue(ran.lines().get(0).startsWith("GID      MODE  STATUS     WAITS FOR"),
            ran::toString);
        assertTrue(ran.lines().get(1).matches("order-1 +saga +submitted +retry +\\d+d +now +3 +"
            + "stock:9000 +out of stock"), ran::toString);
    }

    @Test
    void whatIsAskedForGoesToTheServer() {
        run("tx", "list", "--status", "submitted", "--mode", "saga", "--parked", "--quarantined",
            "--attribute", "order:1 2", "--attribute", "a:b", "--opened-from",
            "2026-01-01T00:00:00Z", "--limit", "7").exits(0);
        assertEquals(List.of("GET /api/v1/transactions?status=submitted&mode=saga&parked=true"
            + "&quarantined=true&attribute=order%3A1%202&attribute=a%3Ab"
            + "&opened_from=2026-01-01T00%3A00%3A00Z&limit=7"), server.requests());
    }

    @Test
    void aPageTellsOfTheNextAndAllBringsEachOnce() {
        for (int i = 0; i < 5; i++) {
            server.add("g" + i, "submitted", "");
        }
        run("tx", "list", "--limit", "2").exits(0).says("g0", "g1",
            "there are more: --all, or --cursor 2");
        run("tx", "list", "--limit", "2", "--cursor", "4").exits(0).says("g4");
        Ran all = run("tx", "list", "--limit", "2", "--all").exits(0);
        assertEquals(6, all.lines().size(), "one head and five rows");
        assertEquals("", all.err());
    }

    @Test
    void jsonIsTheAnswerAsItIs() throws Exception {
        server.add("g", "submitted", "no");
        assertEquals(server.transaction("g"),
            MemoryServer.JSON.readTree(run("tx", "show", "g", "--json").exits(0).out()));
        assertEquals(1, run("tx", "list", "--json").lines().size());
    }

    @Test
    void oneIsShownWithItsBranches() {
        server.add("订单/1 2", "submitted", "out of stock");
        run("tx", "show", "订单/1 2").exits(0).says("gid          订单/1 2",
            "status       submitted, waits for retry", "BRANCH  OP      STATUS    ATTEMPTS",
            "01      action  prepared  3         http://stock:9000/deduct",
            "01 action: out of stock");
        assertEquals(List.of("GET /api/v1/transactions/%E8%AE%A2%E5%8D%95%2F1%202"),
            server.requests());
    }

    @Test
    void eachExportIsALine() {
        server.tell("/api/v1/transactions/g/export", "{\"gid\":\"g\"}");
        server.tell("/api/v1/transactions/h/export", "{\"gid\":\"h\"}");
        assertEquals(List.of("{\"gid\":\"g\"}", "{\"gid\":\"h\"}"),
            run("tx", "export", "g", "h").exits(0).lines());
        run("tx", "export", "gone").exits(1).says("there is no transaction gone");
    }

    @Test
    void whatIsNotThereIsSaidWithCode1() {
        Ran ran = run("tx", "show", "gone").exits(1).says("pactor: there is no transaction gone");
        assertEquals("", ran.out());
    }

    @Test
    void aServerThatIsAwayIsCode69() {
        server.close();
        run("tx", "list").exits(69).says("cannot be reached: nobody listens there");
    }

    @Test
    void whoIsNotKnownOrMayNotIsCode77() throws Exception {
        server.role("pactor_secret", "viewer");
        run("tx", "list").exits(77).says("the server wants to know who asks");
        Path wrong = Files.writeString(dir.resolve("wrong"), "pactor_wrong\n");
        run("tx", "list", "--token-file", wrong.toString()).exits(77)
            .says("does not know the token of " + wrong);
        Path right = Files.writeString(dir.resolve("right"), "pactor_secret\n");
        run("whoami", "--token-file", right.toString()).exits(0).says("role         viewer");
    }

    @Test
    void whatIsWrongWithATokenFileIsCode78AndNeverShowsIt() throws Exception {
        run("tx", "list", "--token-file", dir.resolve("gone").toString()).exits(78);
        Path broken = Files.writeString(dir.resolve("broken"), "pactor_se cret");
        Ran ran = run("tx", "list", "--token-file", broken.toString()).exits(78)
            .says("holds no token");
        assertFalse(ran.err().contains("cret"), ran::toString);
        assertEquals(List.of(), server.requests());
    }

    @Test
    void aContextBringsServerAndTokenAndAnOptionGoesBefore() throws Exception {
        server.role("pactor_secret", "operator");
        server.add("g", "submitted", "");
        Files.writeString(dir.resolve("token"), "pactor_secret");
        Path file = Files.writeString(dir.resolve("config"), "context = away\n[away]\n"
            + "server = http://127.0.0.1:1\n[here]\nserver = " + server.address()
            + "\ntoken-file = token\n");
        environment.put(Contexts.FILE, file.toString());

        runAsItIs("tx", "show", "g").exits(69).says("http://127.0.0.1:1 cannot be reached");
        runAsItIs("tx", "show", "g", "--context", "here").exits(0).says("submitted");
        environment.put(Contexts.NAME, "here");
        runAsItIs("tx", "show", "g").exits(0).says("submitted");
        runAsItIs("tx", "show", "g", "--context", "none").exits(78).says("it has away, here");
    }

    @Test
    void theTokenOfAContextIsNotShownToAnotherServer() throws Exception {
        server.role("pactor_secret", "operator");
        Files.writeString(dir.resolve("token"), "pactor_secret");
        environment.put(Contexts.FILE, Files.writeString(dir.resolve("config"),
            "context = a\n[a]\nserver = http://127.0.0.1:1\ntoken-file = token\n").toString());
        run("whoami").exits(77);
        run("whoami", "--context", "a").exits(0).says("alice");
    }

    @Test
    void wrongUsageIsCode2AndAsksNobody() {
        run("tx").exits(2);
        run("tx", "show").exits(2).says("Missing required parameter");
        run("tx", "list", "--opened-from", "yesterday").exits(2).says("12h or 5d");
        runAsItIs("tx", "list", "--server", "pactor.example.com").exits(2)
            .says("a server is an address such as https://");
        assertEquals(List.of(), server.requests());
    }

    @Test
    void whoIsNotAPactorServerIsToldSo() throws Exception {
        assertEquals("the answer is no JSON; is this the address of a Pactor server?",
            org.junit.jupiter.api.Assertions.assertThrows(Failure.class,
                () -> new ServerOptions(environment, terminal).read("<html>")).getMessage());
    }

    @Test
    void aContextIsChosenAndNothingElseInTheFileChanges() throws Exception {
        String file = "# mine\n[a]\nserver = http://127.0.0.1:1\n\n[b]\nserver = "
            + server.address() + "\n";
        Path path = Files.writeString(dir.resolve("config"), file);
        environment.put(Contexts.FILE, path.toString());
        runAsItIs("context", "use", "c").exits(78).says("it has a, b");
        runAsItIs("context", "use", "a").exits(0);
        runAsItIs("context", "use", "b").exits(0).says("the context is b");
        assertEquals("context = b\n" + file, Files.readString(path));
        runAsItIs("whoami").exits(0).says("alice");
        assertEquals(List.of("   CONTEXT  SERVER", "   a        http://127.0.0.1:1",
            "*  b        " + server.address()), runAsItIs("context").exits(0).lines());
    }
}

package pactor.cli.operator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AttemptCommandTest extends OperatorTest {

    @BeforeEach
    void called() {
        server.add("g", "submitted", "").putArray("branches").addObject()
            .put("branch_id", "01").put("op", "action").put("url", "https://shop/in");
        server.tell("/api/v1/transactions/g/attempts", """
            {"items":[{"branch_id":"01","op":"action","attempt":1,
              "started_at":"2026-03-01T10:00:00.123Z","duration_ms":12,"outcome":"unknown",
              "status_line":"503 Service Unavailable","error":null,
              "request":"POST /in?gid=g HTTP/1.1\\nhost: shop:81\\nx-tenant: ***\\n\\nit's",
              "answer":"busy"},
             {"branch_id":"01","op":"action","attempt":null,
              "started_at":"2026-03-01T10:00:09.000Z","duration_ms":0,"outcome":"put-off",
              "status_line":null,"error":"paused","request":null,"answer":null}],
             "next":null,"skipped":[{"branch_id":"01","op":"action","count":7}]}""");
    }

    @Test
    void eachCallIsARow() {
        assertEquals(List.of(
            "BRANCH  OP      ATTEMPT  STARTED                   MS  OUTCOME  "
                + "STATUS LINE              ERROR",
            "01      action  1        2026-03-01 10:00:00.123Z  12  unknown  "
                + "503 Service Unavailable  -",
            "01      action  -        2026-03-01 10:00:09.000Z  0   put-off  "
                + "-                        paused",
            "01 action: 7 attempts between are not kept any more"),
            run("tx", "attempts", "g").exits(0).lines());
    }

    @Test
    void theListIsNarrowed() {
        run("tx", "attempts", "g", "--branch", "01", "--op", "action", "--limit", "5").exits(0);
        assertEquals(List.of(
            "GET /api/v1/transactions/g/attempts?branch_id=01&op=action&limit=5"),
            server.requests());
    }

    @Test
    void aRequestIsACommandForTheShell() {
        Ran ran = run("tx", "attempts", "g", "--curl").exits(0).says("# 01 action, attempt 1\n"
            + "curl -i -X POST 'https://shop:81/in?gid=g' -H 'x-tenant: ***'"
            + " --data-raw 'it'\\''s'\n# busy");
        assertEquals(1, ran.lines().stream().filter(each -> each.startsWith("curl")).count());
        assertFalse(run("tx", "attempts", "g", "--curl", "--json").out().contains("curl"));
    }

    @Test
    void aBodyKeepsItsLinesAndItsEndIsSaidToBeMissing() {
        assertEquals(List.of("curl -i -X POST http://a/ -H 'content-type: text/plain'"
            + " --data-raw 'one", "\\u001btwo'",
            "# of 9000 bytes of its body only the beginning is kept"),
            AttemptCommand.request("POST / HTTP/1.1\nhost: a\ncontent-type: text/plain\n"
                + "content-length: 9000\n\none\n\u001btwo", false));
    }

    @Test
    void aRequestWithoutBodyAndOneOverGrpc() {
        assertEquals(List.of("curl -i -X GET http://a/"),
            AttemptCommand.request("GET / HTTP/1.1\nhost: a\n", false));
        assertEquals(List.of("# POST /shop.Stock/Deduct HTTP/2", "# host: a", "# ",
            "# (7 bytes of a message)"), AttemptCommand.request(
            "POST /shop.Stock/Deduct HTTP/2\nhost: a\n\n(7 bytes of a message)", false));
    }
}

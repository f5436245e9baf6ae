package http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What was shown before a SIGKILL is shown after it, to the letter. */
class RestartIT {

    @Test
    void aRestartKeepsEverything(@TempDir Path dir) {
        try (StartedJar jar = StartedJar.in(dir)) {
            List<String> gids = transactions(jar);
            for (String topic : List.of("kept", "emptied")) {
                assertEquals(200, subscription(jar, "subscribe", topic));
            }
            assertEquals(200, subscription(jar, "unsubscribe", "emptied"));
            Map<String, JsonNode> before = shown(jar, gids);

            jar.process.killHard();
            jar.process.restart();

            Map<String, JsonNode> after = shown(jar, gids);
            before.forEach((what, record) -> assertEquals(record, after.get(what), what));
            assertEquals(before.keySet(), after.keySet());
            gids.forEach(gid -> jar.participant.script(gid, "yes"));
            gids.forEach(gid -> jar.client.post("resetNextCronTime", "{\"gid\":\"" + gid + "\"}"));
            jar.awaitStatus("saga-submitted", "succeed");
            jar.awaitStatus("saga-aborting", "failed");
            jar.awaitStatus("tcc-submitted", "succeed");
            jar.awaitStatus("xa-aborting", "failed");
        }
    }

    /** One of each mode in each status, at rest; its participant is known by its gid. */
    private static List<String> transactions(StartedJar jar) {
        List<String> gids = new ArrayList<>();
        for (String mode : List.of("saga", "tcc", "xa", "msg", "workflow")) {
            for (String state : List.of("prepared", "submitted", "aborting", "succeed", "failed")) {
                boolean reachable = !state.equals("submitted") && !state.equals("aborting")
                    || !mode.equals("workflow") && !(mode + state).equals("msgaborting");
                if (reachable) {
                    String gid = mode + "-" + state;
                    bring(jar, gid, mode, state);
                    jar.awaitStatus(gid, state);
                    jar.awaitRest(gid);
                    gids.add(gid);
                }
            }
        }
        return gids;
    }

    private static void bring(StartedJar jar, String gid, String mode, String state) {
        boolean open = state.equals("submitted") || state.equals("aborting");
        boolean backward = state.equals("aborting") || state.equals("failed");
        jar.participant.script(gid, open ? "busy" : "yes");
        String url = jar.url(gid);
        if (mode.equals("saga")) {
            String body = Requests.step(gid, mode, backward ? jar.url("no") : url, url);
            ok(jar.client.post(state.equals("prepared") ? "prepare" : "submit", patient(body)));
            return;
        }
        ok(jar.client.post("prepare", patient(Requests.work(gid, mode, url))));
        if (!mode.equals("msg")) {
            ok(jar.client.post("registerBranch", Requests.branch(gid, mode, "01", url)));
        }
        if (!state.equals("prepared")) {
            boolean workflow = mode.equals("workflow");
            ok(jar.client.post(backward && !workflow ? "abort" : "submit", workflow
                ? Requests.finished(gid, state) : Requests.bare(gid, mode)));
        }
    }

    /** Whatever waits then waits for an hour. */
    private static String patient(String body) {
        return body.replaceFirst("\\{", "{\"retry_interval\":2400,\"timeout_to_fail\":2400,"
            + "\"custom_data\":\"{}\",\"branch_headers\":{\"x-trace\":\"t9\"},");
    }

    private static Map<String, JsonNode> shown(StartedJar jar, List<String> gids) {
        Map<String, JsonNode> all = new LinkedHashMap<>();
        gids.forEach(gid -> all.put(gid, jar.record(gid)));
        all.put("the list", StartedJar.json(jar.client.get("all?limit=1000").body()));
        all.put("the topics", StartedJar.json(jar.client.get("scanKV?cat=topics").body()));
        return all;
    }

    private static int subscription(StartedJar jar, String verb, String topic) {
        return jar.client.get(verb + "?topic=" + topic + "&remark=r&url="
            + WireClient.encoded(jar.url("news"))).status();
    }

    private static void ok(WireClient.Answer answer) {
        assertEquals(200, answer.status(), answer.body());
    }
}

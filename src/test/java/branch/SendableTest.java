package branch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import signature.CallSigner;
import transaction.BranchCall;
import transaction.Bytes;
import transaction.CallKey;
import transaction.Details;
import transaction.GrpcUrl;
import transaction.InvalidRequest;
import transaction.Mode;
import transaction.Op;
import transaction.Options;
import transaction.Protocol;
import transaction.Submission;

/** What is taken when it is submitted can be sent, and what can be sent is taken. */
class SendableTest {

    private static final List<String> PIECES = List.of("http", "HTTPS", "://", ":", "/", "//", "@",
        "?", "#", "[", "]", "::1", "127.0.0.1", "b", "B.example", "snake_case", "bücher", "订单",
        "..", ".", "-", "80", "0", "65535", "65536", "８０", "+", " ", "\t", "\r\n", "%", "%20",
        "%zz", "method=M", "a=b&c", "dns:///", "static:", "discovery:///", "grpc", "topic", ",",
        "p.S", "/M", "\"", "{", "\\", "\u007f", "\0", "é", "😀", "~", "a".repeat(70));

    private static final List<String> GOOD = List.of("http://b:80/in?a=b", "https://me:pw@b/",
        "http://[::1]:81/x?method=M", "b:80/p.S/M", "static:a:1,b:2/p.S/M", "dns:///b:1/p.S/M");

    private static final List<String> GIDS = List.of("g", "订单-1", " g", "g ", "g-ü", "a b");

    private static final List<Map<String, String>> HEADERS = List.of(Map.of(),
        Map.of("x-text", "中文"), Map.of("x-text", "a\tb"), Map.of("X-Trace", " t9 "),
        Map.of("x-raw-bin", "中文"), Map.of("x!y", "v"), Map.of("x y", "v"), Map.of("x", "a\nb"));

    private static final List<String> PAYLOADS =
        List.of("{}", "", "null", " {\"a\":1} ", "[1]", "5", "text", "\"{}\"");

    @Test
    void whatIsTakenIsWhatCanBeSent() {
        long seed = 20_261_130L;
        SplittableRandom random = new SplittableRandom(seed);
        int taken = 0;
        for (int i = 0; i < 40_000; i++) {
            String url = url(random);
            Protocol protocol = Protocol.values()[random.nextInt(3)];
            String gid = GIDS.get(random.nextInt(8) > 5 ? random.nextInt(GIDS.size()) : 0);
            Map<String, String> headers =
                HEADERS.get(random.nextInt(8) > 5 ? random.nextInt(HEADERS.size()) : 0);
            BranchCall call = new BranchCall(gid, "saga", "01", "action",
                new CallKey("01", Op.ACTION), url,
                Bytes.utf8(PAYLOADS.get(random.nextInt(PAYLOADS.size()))), headers, protocol,
                Duration.ofSeconds(1));
            boolean isTaken = isTaken(call);
            assertEquals(isSent(call), isTaken, "seed " + seed + ", round " + i + ": " + call
                + " with " + call.payload().toUtf8());
            taken += isTaken ? 1 : 0;
        }
        assertTrue(taken > 4_000 && taken < 36_000, "some of both kinds: " + taken);
    }

    private static String url(SplittableRandom random) {
        StringBuilder url = new StringBuilder();
        if (random.nextInt(4) > 0) {
            url.append(GOOD.get(random.nextInt(GOOD.size())));
            for (int edits = random.nextInt(3); edits > 0; edits--) {
                int at = random.nextInt(url.length() + 1);
                url.replace(at, Math.min(url.length(), at + random.nextInt(2)),
                    PIECES.get(random.nextInt(PIECES.size())));
            }
            return url.toString();
        }
        for (int pieces = 1 + random.nextInt(8); pieces > 0; pieces--) {
            url.append(PIECES.get(random.nextInt(PIECES.size())));
        }
        return url.toString();
    }

    private static boolean isTaken(BranchCall call) {
        Options options = new Options(false, 0, 0, 0, 0, 0, call.headers(), false);
        try {
            new Submission(call.gid(), Mode.SAGA,
                List.of(new Submission.Step(call.url(), "", call.payload())), "",
                call.protocol(), "", Details.PLAIN, options).checked();
            return true;
        } catch (InvalidRequest refused) {
            return false;
        }
    }

    private static boolean isSent(BranchCall call) {
        try {
            switch (call.protocolOfUrl()) {
                case HTTP -> HttpInvoker.request(call, false);
                case JSON_RPC -> JsonRpcInvoker.request(call, false, CallSigner.NONE);
                default -> {
                    if (call.protocol() != Protocol.GRPC) {
                        return false;
                    }
                    // Nothing can configure a discovery yet.
                    return GrpcInvoker.request(call, CallSettings.defaults()).url().kind()
                        != GrpcUrl.Kind.DISCOVERY;
                }
            }
            return true;
        } catch (Unsendable refused) {
            return false;
        }
    }
}

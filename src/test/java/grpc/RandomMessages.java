package grpc;

import com.google.protobuf.ByteString;
import com.google.protobuf.Empty;
import com.google.protobuf.Message;
import com.google.protobuf.UnknownFieldSet;
import io.grpc.Metadata;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import wire.DtmBranchRequest;
import wire.DtmRequest;
import wire.DtmTopicRequest;
import wire.DtmTransOptions;

/**
 * Calls of all methods, from well formed to nonsense, out of one seed. Nothing in them leads to
 * another machine: urls name the given participant, and messages whose bytes are edited name none.
 */
final class RandomMessages {

    /**
     * A call.
     *
     * @param method with its service
     * @param messages one, if it is as it should be
     * @param shown what was meant, for people
     */
    record Input(String method, Metadata metadata, List<byte[]> messages, String shown) {

        @Override
        public String toString() {
            return method + " with " + messages.size() + " messages: "
                + (shown.length() > 3_000 ? shown.substring(0, 3_000) + "…" : shown);
        }
    }

    /** More than any server takes. */
    private static final int TOO_LONG = 5 << 20;

    private final SplittableRandom random;
    private final String participant;

    /** @param participant the address below which all urls lie, with a slash at the end */
    RandomMessages(long seed, String participant) {
        random = new SplittableRandom(seed);
        this.participant = participant;
    }

    Input next() {
        String method = any("NewGid", "Prepare", "Prepare", "Submit", "Submit", "Submit", "Submit",
            "Abort", "RegisterBranch", "RegisterBranch", "RegisterBranch", "PrepareWorkflow",
            "PrepareWorkflow", "Subscribe", "Unsubscribe", "DeleteTopic");
        boolean edited = random.nextInt(8) == 0;
        Message meant = message(method, edited);
        byte[] bytes = edited ? edited(meant.toByteArray()) : meant.toByteArray();
        List<byte[]> messages = new ArrayList<>(List.of(bytes));
        String service = "dtmgimp.Dtm";
        switch (random.nextInt(100)) {
            case 0 -> messages.clear();
            case 1 -> messages.add(bytes);
            case 2 -> method = any("submit", "Query", "", "Submit/Submit", "%00");
            case 3 -> service = any("dtmgimp.dtm", "Dtm", "workflow.Workflow", "a");
            case 4 -> messages.set(0, noise(random.nextInt(2_000)));
            case 5 -> {
                service = "grpc.health.v1.Health";
                method = "Check";
            }
            default -> { }
        }
        if (random.nextInt(500) == 0) {
            messages.set(0, new byte[TOO_LONG]);
        }
        return new Input(service + "/" + method, metadata(), messages, meant.toString());
    }

    private Message message(String method, boolean harmless) {
        Message.Builder made = switch (method) {
            case "NewGid" -> Empty.newBuilder();
            case "RegisterBranch" -> branch(harmless);
            case "Subscribe", "Unsubscribe", "DeleteTopic" -> DtmTopicRequest.newBuilder()
                .setTopic(any("t1", "t2", "", "ü/..", "a\tb", "t".repeat(129)))
                .setURL(url(harmless)).setRemark(any("", "r", "<b>", "r".repeat(2_000)));
            default -> transaction(method, harmless);
        };
        if (rare()) {
            made.setUnknownFields(UnknownFieldSet.newBuilder().addField(
                1 + random.nextInt(1_000), UnknownFieldSet.Field.newBuilder()
                    .addLengthDelimited(ByteString.copyFrom(noise(20))).build()).build());
        }
        return made.build();
    }

    private DtmRequest.Builder transaction(String method, boolean harmless) {
        String mode = method.equals("PrepareWorkflow") && !rare() ? "workflow" : mode();
        DtmRequest.Builder made =
            DtmRequest.newBuilder().setGid(gid(mode)).setTransType(rare() ? mode() : mode);
        if (mode.equals("saga") || mode.equals("msg") || rare()) {
            steps(made, harmless);
        }
        if (random.nextInt(3) == 0) {
            made.setTransOptions(options());
        }
        if (random.nextInt(mode.equals("workflow") ? 2 : 8) == 0) {
            made.setCustomedData(mode.equals("workflow") && !rare()
                ? "{\"name\":\"wf\",\"data\":\"e30=\"}" : any("", "{\"delay\":1}",
                "{\"concurrent\":true,\"orders\":{\"1\":[0]}}",
                "{\"concurrent\":true,\"orders\":{\"0\":[0]}}",
                "{\"name\":\"wf\",\"data\":\"e30=\"}", "{\"data\":\"?\"}", "[",
                "[".repeat(70) + "]".repeat(70), "{\"name\":\"\\ud800\"}"));
        }
        if (random.nextInt(4) == 0) {
            made.setQueryPrepared(url(harmless));
        }
        if (mode.equals("workflow") && method.equals("Submit")) {
            made.putReqExtra("status", rare() ? any("odd", "") : any("succeed", "failed"))
                .putReqExtra("result", any("", "e30=", "?"))
                .putReqExtra("rollback_reason", any("", "no FAILURE", "\u001b[31m\n"));
        }
        return made.setRollbackReason(any("", "FAILURE", "no stock", "\u0000"));
    }

    private void steps(DtmRequest.Builder made, boolean harmless) {
        int steps = random.nextInt(4);
        List<String> all = new ArrayList<>();
        for (int i = 0; i < steps; i++) {
            all.add("{\"action\":\"" + (rare() ? "topic://t1" : url(harmless))
                + "\",\"compensate\":\"" + url(harmless) + "\"}");
        }
        made.setSteps(rare() ? any("", "null", "{}", "[[]]", "[{\"action\":7}]", "[", "\u0000",
            "[" + "{},".repeat(1_001) + "{}]") : "[" + String.join(",", all) + "]");
        for (int i = rare() ? 1 : 0; i < steps; i++) {
            made.addBinPayloads(ByteString.copyFrom(noise(random.nextInt(50))));
        }
    }

    private DtmTransOptions options() {
        return DtmTransOptions.newBuilder()
            .setWaitResult(random.nextBoolean())
            .setTimeoutToFail(seconds()).setRequestTimeout(seconds()).setRetryInterval(seconds())
            .setRetryLimit(seconds())
            .putBranchHeaders(rare() ? any("a b", "Host", "") : any("x-a", "x-b"),
                rare() ? "c\nd" : any("b", ""))
            .build();
    }

    private DtmBranchRequest.Builder branch(boolean harmless) {
        String mode = any("tcc", "tcc", "xa", "workflow", "workflow", mode());
        return DtmBranchRequest.newBuilder().setGid(gid(mode)).setTransType(rare() ? mode() : mode)
            .setBranchID(rare() ? any("", "b".repeat(129)) : any("01", "02", "0101"))
            .setOp(any("", "action"))
            .putData("confirm", url(harmless)).putData("cancel", url(harmless))
            .putData("url", url(harmless))
            .putData("op", rare() ? any("msg", "")
                : any("action", "commit", "rollback", "business"))
            .putData("status", rare() ? any("prepared", "odd") : any("succeed", "failed"))
            .putData(any("data", "x", ""), "y")
            .setBusiPayload(ByteString.copyFrom(noise(random.nextInt(100))));
    }

    private Metadata metadata() {
        Metadata metadata = new Metadata();
        if (rare()) {
            metadata.put(Metadata.Key.of(any("dtm-gid", "x-trace", "grpc-x"),
                Metadata.ASCII_STRING_MARSHALLER), any("g", "", "~".repeat(200)));
            metadata.put(Metadata.Key.of("x-bin", Metadata.BINARY_BYTE_MARSHALLER), noise(20));
        }
        return metadata;
    }

    /** Each mode has some of its own, so that requests meet one another. */
    private String gid(String mode) {
        return random.nextInt(40) == 0 ? any("", "a;b\r", "ü交易", "g 1", "\u0000",
            "g".repeat(129), "FAILURE") : mode + "-" + random.nextInt(300);
    }

    private String mode() {
        return any("saga", "tcc", "xa", "msg", "workflow", rare() ? "smoke" : "saga",
            rare() ? "" : "tcc");
    }

    private long seconds() {
        return random.nextInt(60) > 0 ? random.nextInt(4)
            : List.of(-1L, 315_360_001L, Long.MIN_VALUE, Long.MAX_VALUE, 1L << 32)
                .get(random.nextInt(5));
    }

    private String url(boolean harmless) {
        return harmless || random.nextInt(4) == 0 ? ""
            : random.nextInt(80) == 0 ? any("ftp://x/y", "http://", "http://a b/", "host", "\u0000")
            : participant + any("yes", "yes", "no", "busy", "down", "yes?a=b");
    }

    private byte[] noise(int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        return bytes;
    }

    private byte[] edited(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        for (int edits = random.nextInt(4); edits >= 0; edits--) {
            int at = random.nextInt(text.length() + 1);
            char sign = (char) random.nextInt(256);
            text = switch (random.nextInt(4)) {
                case 0 -> text.substring(0, at) + sign + text.substring(at);
                case 1 -> text.substring(0, at);
                default -> text.substring(0, at) + sign
                    + text.substring(Math.min(text.length(), at + 1));
            };
        }
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    private boolean rare() {
        return random.nextInt(12) == 0;
    }

    private String any(String... of) {
        return of[random.nextInt(of.length)];
    }
}

package grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import client.LiveHeap;
import http.StartedJar;
import io.grpc.Status;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Whatever is sent to whatever method, the jar answers as docs/protocol.md promises and goes on.
 * {@code -Dpactor.fuzz.seed=…} and {@code -Dpactor.fuzz.count=…} choose other runs;
 * {@code -Dpactor.fuzz.keep-grpc=FILE} writes down one call for each kind of answer, as a corpus.
 */
class GrpcFuzzIT {

    private static final long SEED = Long.getLong("pactor.fuzz.seed", 20_261_122L);
    private static final int COUNT = Integer.getInteger("pactor.fuzz.count", 5_000);

    /** What Java prints of what was thrown. */
    private static final Pattern TRACE =
        Pattern.compile("^\\s+at \\S+\\(|^Caused by: |\\w+(Exception|Error)\\b");

    /** What the heap may grow by while most of the inputs come; each leaves about 1 KiB on disk. */
    private static final long GROWTH_MIB = 8;

    @Test
    void noInputMakesItStumble(@TempDir Path dir) throws Exception {
        try (StartedJar jar = StartedJar.in(dir)) {
            GrpcCorpus corpus = new GrpcCorpus(jar.participant.base());
            for (RandomMessages.Input input : corpus.kept()) {
                Status status = call(jar, input);
                check(input, status, "from the corpus: " + input + "\nwas answered " + status);
            }
            RandomMessages inputs = new RandomMessages(SEED, jar.participant.base());
            Map<String, Integer> codes = new TreeMap<>();
            long warm = 0;
            for (int i = 0; i < COUNT; i++) {
                warm = i == COUNT / 5 ? LiveHeap.mib(jar.process.pid()) : warm;
                RandomMessages.Input input = inputs.next();
                Status status = call(jar, input);
                codes.merge(status.getCode().name(), 1, Integer::sum);
                check(input, status, "seed " + SEED + ", input " + i + ": " + input
                    + "\nwas answered " + status);
                corpus.meet(input, status);
            }
            String keep = System.getProperty("pactor.fuzz.keep-grpc", "");
            if (!keep.isEmpty()) {
                corpus.writeTo(Path.of(keep));
            }
            long after = LiveHeap.mib(jar.process.pid());

            System.out.println("gRPC fuzz with seed " + SEED + ": " + COUNT + " inputs " + codes
                + "; heap " + warm + " MiB after a fifth, " + after + " MiB after all");
            assertTrue(codes.getOrDefault("OK", 0) > COUNT / 5, "too little gets through: "
                + codes);
            assertTrue(codes.getOrDefault("ABORTED", 0) > COUNT / 100, "too little is refused: "
                + codes);
            assertTrue(after <= warm + GROWTH_MIB, "the heap grew from " + warm + " to " + after);
            assertEquals("OK", jar.grpc.newGid().code());
            assertEquals(List.of(), jar.process.log().stream()
                .filter(line -> TRACE.matcher(line).find()).toList(), "seed " + SEED);
            List<String> aboutItself = jar.process.log().stream()
                .filter(line -> !line.contains(" TransactionLog ")).toList();
            assertTrue(aboutItself.size() < 20,
                () -> "the log is long:\n" + String.join("\n", aboutItself));
        }
    }

    private static void check(RandomMessages.Input input, Status status, String what) {
        String text = status.getDescription() == null ? "" : status.getDescription();
        boolean known = DtmMethods.ALL.stream()
            .anyMatch(method -> method.getFullMethodName().equals(input.method()))
            || input.method().equals("grpc.health.v1.Health/Check");
        boolean declared = switch (status.getCode()) {
            case OK, INVALID_ARGUMENT, NOT_FOUND, ABORTED -> known && input.messages().size() < 2;
            case FAILED_PRECONDITION -> text.endsWith("wait result not return success: ONGOING");
            case UNKNOWN -> text.startsWith("your http/grpc result should be");
            case UNIMPLEMENTED -> !known;
            case CANCELLED -> input.messages().size() > 1;
            case RESOURCE_EXHAUSTED -> input.messages().stream()
                .anyMatch(message -> message.length > 4 << 20);
            default -> false;
        };
        assertTrue(declared, what);
        boolean verdict = status.getCode() == Status.Code.ABORTED;
        assertEquals(verdict, text.endsWith(" FAILURE"), what);
        assertFalse(!verdict && text.toUpperCase(Locale.ROOT).contains("FAILURE"), what);
    }

    private static Status call(StartedJar jar, RandomMessages.Input input) throws Exception {
        return RawCall.start(jar.grpc.channel(), input.method(), input.metadata())
            .send(input.messages().toArray(byte[][]::new)).halfClose().status();
    }
}

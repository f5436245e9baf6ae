package prove;

import credential.ToolCredentials;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import prove.Finding.Verdict;
import transaction.VerdictMode;

/**
 * {@code pactor prove}: does a participant keep its side of the contract?
 *
 * <p>Exit codes: 0 if nothing broke, 1 if something did, 2 for a mistake on the command line.
 */
@Command(name = "prove", sortOptions = false, description = {
    "Plays the coordinator against one running participant: repeats, late actions, "
        + "undos of nothing, calls at once, lost answers. Says what breaks, and how to see it "
        + "again. Undoes what it does. Not against a participant with real customers.",
    "In urls and payloads {gid} stands for the gid of the call.",
    "Exit code 0 if nothing broke, 1 if something did, 2 for wrong usage."})
public final class ProveCommand implements Callable<Integer> {

    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})\\s*(ms|s|m)");

    @Spec
    private CommandSpec spec;

    @Option(names = {"-h", "--help"}, usageHelp = true, description = "Shows this.")
    private boolean help;

    @Option(names = "--action", required = true, paramLabel = "URL",
        description = "The action; in TCC the try, in XA the first phase.")
    private String action;

    @Option(names = "--undo", required = true, paramLabel = "URL",
        description = "What undoes it: compensate, cancel, rollback.")
    private String undo;

    @Option(names = "--confirm", paramLabel = "URL",
        description = "The confirm of TCC or commit of XA. What it confirms stays.")
    private String confirm;

    @Option(names = "--state", paramLabel = "URL", description = {
        "A GET whose answer shows what was done: a balance, a stock.",
        "Without it only answers can be compared."})
    private String state;

    @Option(names = "--ignore", paramLabel = "FIELD",
        description = "A field of the state that changes by itself. Repeatable.")
    private List<String> ignored = List.of();

    @Option(names = "--payload", paramLabel = "JSON",
        description = "What the action gets by POST. Without it, a GET.")
    private String payload;

    @Option(names = "--payload-file", paramLabel = "FILE", description = "The same from a file.")
    private Path payloadFile;

    @Option(names = "--undo-payload", paramLabel = "JSON",
        description = "What undo and confirm get. Default: what the action gets.")
    private String undoPayload;

    @Option(names = "--refused-payload", paramLabel = "JSON",
        description = "What the action refuses, such as more than there is.")
    private String refusedPayload;

    @Option(names = "--mode", paramLabel = "MODE", defaultValue = "saga",
        description = "saga, tcc or xa. Default: ${DEFAULT-VALUE}.")
    private String mode;

    @Option(names = "--header", paramLabel = "NAME:VALUE",
        description = "Goes along with each call. Repeatable.")
    private List<String> headers = List.of();

    @Option(names = "--credentials", paramLabel = "FILE", description = {
        "What the participant is shown: the file that the coordinator has as",
        "pactor.calls.credentials-file. It is in no report, and no secret on the command line."})
    private Path credentials;

    @Option(names = "--verdict-mode", paramLabel = "MODE", defaultValue = "dtm",
        description = "How answers are read: dtm or strict. Default: ${DEFAULT-VALUE}.")
    private String verdicts;

    @Option(names = "--runs", paramLabel = "N", defaultValue = "20",
        description = "How often what depends on timing is tried. Default: ${DEFAULT-VALUE}.")
    private int runs;

    @Option(names = "--seed", paramLabel = "N", defaultValue = "1",
        description = "Of the delays between calls. Default: ${DEFAULT-VALUE}.")
    private long seed;

    @Option(names = "--request-timeout", paramLabel = "TIME", defaultValue = "3s",
        description = "What the coordinator waits for an answer. Default: ${DEFAULT-VALUE}.")
    private String requestTimeout;

    @Option(names = "--within", paramLabel = "TIME", defaultValue = "60s",
        description = "Time for everything. Default: ${DEFAULT-VALUE}.")
    private String within;

    @Option(names = "--json", description = "Prints one JSON object instead of a table.")
    private boolean json;

    @Override
    public Integer call() throws InterruptedException {
        ProveOptions options;
        try {
            options = options();
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), e.getMessage());
        }
        ProveReport report = Prover.prove(options);
        PrintWriter out = spec.commandLine().getOut();
        out.print(json ? ReportJson.of(report, options) + "\n"
            : ReportText.of(report, options, ProveCommand::coloured));
        out.flush();
        return report.isClean() ? 0 : 1;
    }

    private ProveOptions options() {
        ProveOptions.Builder options = ProveOptions.of(action, undo)
            .mode(mode())
            .payload(body())
            .headers(named(headers))
            .ignored(Set.copyOf(ignored))
            .runs(runs)
            .seed(seed)
            .requestTimeout(duration("--request-timeout", requestTimeout))
            .within(duration("--within", within))
            .verdicts(VerdictMode.of(verdicts).filter(each -> each != VerdictMode.UNSAID)
                .orElseThrow(() -> new IllegalArgumentException(
                    "--verdict-mode is dtm or strict")));
        Optional.ofNullable(confirm).ifPresent(options::confirm);
        Optional.ofNullable(state).ifPresent(options::state);
        Optional.ofNullable(undoPayload).ifPresent(options::undoPayload);
        Optional.ofNullable(refusedPayload).ifPresent(options::refusedPayload);
        Optional.ofNullable(credentials).map(ToolCredentials::read)
            .ifPresent(options::credentials);
        return options.build();
    }

    private ProveMode mode() {
        for (ProveMode each : ProveMode.values()) {
            if (each.wire().equals(mode)) {
                return each;
            }
        }
        throw new IllegalArgumentException("--mode is saga, tcc or xa");
    }

    private String body() {
        if (payload != null && payloadFile != null) {
            throw new IllegalArgumentException("--payload and --payload-file exclude each other");
        }
        try {
            return payloadFile != null ? Files.readString(payloadFile)
                : Optional.ofNullable(payload).orElse("");
        } catch (IOException e) {
            throw new IllegalArgumentException("--payload-file cannot be read: " + e);
        }
    }

    private static Map<String, String> named(List<String> headers) {
        Map<String, String> named = new LinkedHashMap<>();
        for (String header : headers) {
            int colon = header.indexOf(':');
            if (colon < 1) {
                throw new IllegalArgumentException("--header takes NAME:VALUE");
            }
            named.put(header.substring(0, colon).strip(), header.substring(colon + 1).strip());
        }
        return named;
    }

    private static Duration duration(String option, String text) {
        Matcher matcher = DURATION.matcher(text.strip());
        if (!matcher.matches()) {
            throw new IllegalArgumentException(option + " takes a time such as 500ms, 5s or 1m");
        }
        long count = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(count);
            case "s" -> Duration.ofSeconds(count);
            default -> Duration.ofMinutes(count);
        };
    }

    /** On a terminal alone; picocli heeds NO_COLOR. */
    private static String coloured(Verdict verdict, String text) {
        String style = switch (verdict) {
            case PASSED -> "green";
            case BROKEN -> "bold,red";
            case SKIPPED -> "yellow";
        };
        return Ansi.AUTO.string("@|" + style + " " + text + "|@");
    }
}

package transaction;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Commands as one line of a scenario, and back.
 *
 * <p>Step n acts at {@code http://pn/act} and is undone at {@code http://pn/undo}. What may follow
 * {@code prepare} or {@code submit} and a mode: {@code steps=2}, {@code concurrent},
 * {@code after=3:1+2} (concurrent, step 3 after steps 1 and 2), {@code topic=2} (one more step, to
 * a topic with that many subscribers), {@code noundo}, {@code noact}, {@code noquery},
 * {@code atonce}, {@code delay=10}, {@code wait}, {@code timeout=}, {@code request=},
 * {@code interval=}, {@code limit=}, {@code park}, {@code count=} and {@code other} (other
 * payloads).
 */
public final class Phrase {

    public static final String GID = "g";

    /** When all transactions of the scenarios are opened. */
    private static final Instant OPENED = Instant.parse("2026-03-01T12:00:00Z");

    private static final Pattern WORD = Pattern.compile("\"([^\"]*)\"|(\\S+)");

    private Phrase() {}

    /** @throws IllegalArgumentException if the line says nothing we know */
    public static Command command(String line) {
        List<String> words = words(line);
        return switch (words.get(0)) {
            case "prepare" -> new Command.Prepare(submission(words));
            case "submit" -> new Command.Submit(submission(words));
            case "prepareWorkflow" -> new Command.PrepareWorkflow(submission(
                concat(List.of("prepare", "workflow"), words.subList(1, words.size()))));
            case "finish" -> new Command.FinishWorkflow(GID, Status.of(words.get(1)).orElseThrow(),
                words.get(1).equals("failed") ? word(words, 2) : "",
                words.get(1).equals("failed") ? "" : word(words, 2));
            case "abort" -> new Command.Abort(GID, Mode.of(words.get(1)), word(words, 2));
            case "join" -> new Command.JoinBranch(registration(words));
            case "forceStop" -> new Command.ForceStop(GID);
            case "unpark" -> new Unpark(GID);
            case "pause" -> new Pause(GID, words.size() > 1
                ? OPENED.plusSeconds(Long.parseLong(words.get(1))) : null, "", "");
            case "unpause" -> new Unpause(GID, "");
            case "park" -> new Park(GID, "by hand", "");
            case "rollBack" -> new RollBack(GID, "by hand", "");
            case "end" -> new Stop(GID, Status.of(words.get(1)).orElseThrow(), "by hand", "");
            case "skip", "resolve" -> new Settle(GID,
                new CallKey(words.get(1), Op.of(words.get(2)).orElseThrow()),
                word(words, 3).equals("failed") ? BranchStatus.FAILED : BranchStatus.SUCCEED,
                words.get(0).equals("skip"), "by hand", "");
            case "change" -> new Change(GID,
                new CallKey(words.get(1), Op.of(words.get(2)).orElseThrow()), words.get(3),
                Optional.empty(), Change.AS_IT_IS, Change.AS_IT_IS, Change.AS_IT_IS, "", "");
            case "complete" -> new Completion(GID,
                new CallKey(words.get(1), Op.of(words.get(2)).orElseThrow()),
                words.get(3).equals("SUCCESS"), word(words, 4), OPENED);
            case "retryNow" -> new Command.RetryNow(GID);
            case "look" -> new Command.Look(GID);
            case "resume" -> new Command.Resume();
            case "return" -> new Command.BranchReturned(
                new CallKey(words.get(1), Op.of(words.get(2)).orElseThrow()), outcome(words));
            default -> throw new IllegalArgumentException("no command: " + line);
        };
    }

    /** The line that {@link #command} would read as this. */
    public static String of(Command command) {
        if (command instanceof Command.Prepare prepare) {
            return "prepare " + of(prepare.submission());
        }
        if (command instanceof Command.Submit submit) {
            return "submit " + of(submit.submission());
        }
        if (command instanceof Command.PrepareWorkflow prepare) {
            return "prepareWorkflow" + of(prepare.submission()).substring("workflow".length());
        }
        if (command instanceof Command.FinishWorkflow finish) {
            return "finish " + finish.status().wire() + " " + quoted(
                finish.status() == Status.FAILED ? finish.reason() : finish.result());
        }
        if (command instanceof Command.Abort abort) {
            return "abort " + abort.mode().map(Mode::wire).orElse("none") + " "
                + quoted(abort.reason());
        }
        if (command instanceof Command.JoinBranch join) {
            return of(join.registration());
        }
        if (command instanceof Command.BranchReturned returned) {
            Outcome outcome = returned.outcome();
            long after = outcome.retryAfter().toSeconds();
            return "return " + returned.key().branchId() + " " + returned.key().op().wire() + " "
                + outcome.kind()
                + (outcome.reason().isEmpty() ? "" : " " + quoted(outcome.reason()))
                + (after == 0 ? "" : " after=" + after)
                + (outcome.callback().isZero() ? "" : " callback");
        }
        if (command instanceof Completion completion) {
            return "complete " + completion.key().branchId() + " " + completion.key().op().wire()
                + (completion.succeeded() ? " SUCCESS" : " FAILURE")
                + (completion.reason().isEmpty() ? "" : " " + quoted(completion.reason()));
        }
        return command instanceof Intervention byHand ? of(byHand) : Transition.nameOf(command);
    }

    private static String of(Intervention byHand) {
        if (byHand instanceof Pause pause) {
            return "pause" + (pause.until() == null ? ""
                : " " + java.time.Duration.between(OPENED, pause.until()).toSeconds());
        }
        if (byHand instanceof Stop stop) {
            return "end " + stop.outcome().wire();
        }
        if (byHand instanceof Settle settle) {
            String of = settle.key().branchId() + " " + settle.key().op().wire();
            return settle.isSkip() ? "skip " + of
                : "resolve " + of + " " + settle.verdict().wire();
        }
        if (byHand instanceof Change change) {
            return "change " + change.key().branchId() + " " + change.key().op().wire() + " "
                + change.url();
        }
        return Transition.nameOf((Command) byHand);
    }

    static String quoted(String text) {
        return "\"" + text.replace('"', '\'') + "\"";
    }

    /** What {@code submit} and {@code prepare} say after themselves. */
    public static Submission submission(List<String> words) {
        Mode mode = Mode.of(words.get(1)).orElseThrow();
        Map<String, String> said = new LinkedHashMap<>();
        for (String word : words.subList(2, words.size())) {
            String[] sides = word.split("=", 2);
            said.put(sides[0], sides.length == 2 ? sides[1] : "");
        }
        Options options = new Options(said.containsKey("wait"), number(said, "timeout"),
            number(said, "request"), number(said, "interval"), number(said, "limit"),
            number(said, "count"), Map.of(), said.containsKey("atonce"), VerdictMode.UNSAID,
            said.containsKey("park"));
        boolean asks = (mode == Mode.MSG || mode == Mode.WORKFLOW) && !said.containsKey("noquery");
        Details details = details(mode, said);
        return new Submission(GID, mode, steps(mode, said), asks ? "http://initiator" : "",
            Protocol.HTTP, details == Details.PLAIN ? "" : "said", details, options);
    }

    private static Details details(Mode mode, Map<String, String> said) {
        if (said.containsKey("delay")) {
            return new Details.Delay(number(said, "delay"));
        }
        if (mode == Mode.WORKFLOW) {
            return new Details.Named("order", Bytes.utf8("input"));
        }
        if (!said.containsKey("concurrent") && !said.containsKey("after")) {
            return Details.PLAIN;
        }
        Map<Integer, List<Integer>> after = new TreeMap<>();
        if (said.containsKey("after")) {
            for (String each : said.get("after").split(",")) {
                String[] sides = each.split(":");
                List<Integer> before = new ArrayList<>();
                for (String step : sides[1].split("\\+")) {
                    before.add(Integer.parseInt(step) - 1);
                }
                after.put(Integer.parseInt(sides[0]) - 1, before);
            }
        }
        return new Details.Concurrent(after);
    }

    private static List<Submission.Step> steps(Mode mode, Map<String, String> said) {
        List<Submission.Step> steps = new ArrayList<>();
        String tag = said.containsKey("other") ? "other " : "payload ";
        for (int i = 1; i <= number(said, "steps"); i++) {
            boolean undo = mode == Mode.SAGA && !said.containsKey("noundo");
            steps.add(new Submission.Step(
                said.containsKey("noact") ? "" : "http://p" + i + "/act",
                undo ? "http://p" + i + "/undo" : "", Bytes.utf8(tag + i)));
        }
        if (said.containsKey("topic")) {
            List<String> urls = new ArrayList<>();
            for (int i = 1; i <= number(said, "topic"); i++) {
                urls.add("http://s" + i + "/act");
            }
            steps.add(new Submission.Step("topic://news", "", Bytes.utf8(tag + "news"), urls));
        }
        return steps;
    }

    private static String of(Submission asked) {
        StringBuilder line = new StringBuilder(asked.mode().wire());
        List<Submission.Step> plain = asked.steps().stream().filter(s -> !s.isTopic()).toList();
        if (!plain.isEmpty()) {
            line.append(" steps=").append(plain.size());
        }
        if (asked.details() instanceof Details.Concurrent concurrent) {
            line.append(concurrent.after().isEmpty() ? " concurrent" : " after="
                + new TreeMap<>(concurrent.after()).entrySet().stream()
                    .map(each -> each.getKey() + 1 + ":" + each.getValue().stream()
                        .map(step -> Integer.toString(step + 1)).collect(Collectors.joining("+")))
                    .collect(Collectors.joining(",")));
        }
        asked.steps().stream().filter(Submission.Step::isTopic)
            .forEach(step -> line.append(" topic=").append(step.subscribers().size()));
        flag(line, " noact", plain.stream().anyMatch(step -> step.action().isEmpty()));
        flag(line, " noundo", asked.mode() == Mode.SAGA
            && plain.stream().anyMatch(step -> step.compensate().isEmpty()));
        flag(line, " noquery", (asked.mode() == Mode.MSG || asked.mode() == Mode.WORKFLOW)
            && asked.queryPrepared().isEmpty());
        flag(line, " other", asked.steps().stream()
            .anyMatch(step -> step.payload().toUtf8().startsWith("other")));
        if (asked.details() instanceof Details.Delay delay) {
            line.append(" delay=").append(delay.seconds());
        }
        return line + of(asked.options());
    }

    private static String of(Options options) {
        StringBuilder line = new StringBuilder();
        flag(line, " atonce", options.concurrent());
        flag(line, " wait", options.waitResult());
        flag(line, " timeout=" + options.timeoutToFailSeconds(),
            options.timeoutToFailSeconds() > 0);
        flag(line, " request=" + options.requestTimeoutSeconds(),
            options.requestTimeoutSeconds() > 0);
        flag(line, " interval=" + options.retryIntervalSeconds(),
            options.retryIntervalSeconds() > 0);
        flag(line, " limit=" + options.retryLimit(), options.retryLimit() > 0);
        flag(line, " park", options.parksWhenExhausted());
        flag(line, " count=" + options.retryCount(), options.retryCount() > 0);
        return line.toString();
    }

    private static void flag(StringBuilder line, String word, boolean said) {
        line.append(said ? word : "");
    }

    private static BranchRegistration registration(List<String> words) {
        Mode mode = Mode.of(words.get(1)).orElseThrow();
        String branch = words.get(2);
        if (mode == Mode.WORKFLOW) {
            return new BranchRegistration(GID, mode, branch,
                Map.of("op", words.get(3), "status", words.get(4)), Bytes.utf8(word(words, 5)));
        }
        String host = "http://" + (words.contains("other") ? "q" : "p") + branch;
        Map<String, String> fields = mode == Mode.XA ? Map.of("url", host + "/xa")
            : Map.of("confirm", host + "/confirm", "cancel", host + "/cancel");
        return new BranchRegistration(GID, mode, branch, fields, Bytes.utf8("payload " + branch));
    }

    private static String of(BranchRegistration joining) {
        String line = "join " + joining.mode().wire() + " " + joining.branchId();
        if (joining.mode() == Mode.WORKFLOW) {
            return line + " " + joining.field("op") + " " + joining.field("status") + " "
                + quoted(joining.data().toUtf8());
        }
        return line + ((joining.field("url") + joining.field("confirm")).startsWith("http://q")
            ? " other" : "");
    }

    private static Outcome outcome(List<String> words) {
        String reason = words.size() > 4 && !words.get(4).startsWith("after=") ? words.get(4) : "";
        Optional<String> after = words.stream().filter(each -> each.startsWith("after="))
            .map(each -> each.substring("after=".length())).findFirst();
        return new Outcome(Outcome.Kind.valueOf(words.get(3)), reason,
            java.time.Duration.ofSeconds(after.map(Long::parseLong).orElse(0L)),
            words.contains("callback") ? java.time.Duration.ofSeconds(60)
                : java.time.Duration.ZERO);
    }

    static List<String> words(String line) {
        List<String> words = new ArrayList<>();
        Matcher matcher = WORD.matcher(line);
        while (matcher.find()) {
            words.add(matcher.group(1) == null ? matcher.group(2) : matcher.group(1));
        }
        return words;
    }

    private static String word(List<String> words, int index) {
        return index < words.size() ? words.get(index) : "";
    }

    private static int number(Map<String, String> said, String key) {
        return Integer.parseInt(said.getOrDefault(key, "0"));
    }

    private static List<String> concat(List<String> one, List<String> other) {
        List<String> all = new ArrayList<>(one);
        all.addAll(other);
        return all;
    }
}

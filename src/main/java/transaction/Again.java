package transaction;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A transaction that has ended, from a step on, as the submission of a new one. The old one is not
 * touched: its history has ended.
 *
 * @param submission what is to be submitted; null if it is refused
 * @param from the id of the first branch that is in it, as the old one has it
 * @param warnings what whoever asks may not have meant, a sentence each
 * @param refusal why it cannot be; null if it can
 */
public record Again(Submission submission, String from, List<String> warnings, Reply refusal) {

    /** In a sentence; of more it is told how many. */
    static final int BRANCHES_TOLD = 10;

    private static final Pattern NUMBERED = Pattern.compile("(.+)-again-([1-9][0-9]{0,5})");

    /** What is known of the effect of a step once its transaction has ended. */
    enum Standing { DONE, NOT_DONE, UNKNOWN }

    /**
     * One step or delivery of the old one.
     *
     * @param step as it was called last
     */
    record Part(String branchId, Submission.Step step, Standing standing) {

        private long bytes() {
            return step.payload().size()
                + (step.undoPayload().equals(step.payload()) ? 0 : step.undoPayload().size());
        }

        private boolean hasRetryLimit() {
            return step.actionOptions().retryLimit() > 0
                || step.compensateOptions().retryLimit() > 0;
        }
    }

    /**
     * What running {@code ended} again would be.
     *
     * @param gid of the new one, without a namespace; empty for {@link #gidAfter}
     * @param from the branch to begin with; empty for the first that is not known to be done, of a
     *     message for each of these; if all are done, for all
     */
    public static Again of(GlobalTransaction ended, String gid, String from) {
        Optional<Reply> refusal = refusal(ended);
        if (refusal.isPresent()) {
            return refused(refusal.get());
        }
        String next = gid.isEmpty() ? gidAfter(ended) : gid;
        try {
            Submission.checkGid(next);
        } catch (InvalidRequest wrong) {
            return refused(new Reply.Invalid(wrong.getMessage()));
        }
        if (next.equals(ended.ownGid())) {
            return refused(new Reply.Invalid("the new gid is that of the transaction that ended"));
        }
        List<Part> all = ended.mode().partsOf(ended).orElseThrow();
        int first = from.isEmpty() ? firstToDo(all) : place(all, from);
        if (first < 0) {
            return refused(all.isEmpty() ? refusal("it has nothing to call")
                : new Reply.Missing("no branch " + from + " in " + ended.ownGid()));
        }
        if (ended.submission().details() instanceof Details.Concurrent
                && (first > 0 || from.isEmpty() && isPartlyDone(all))) {
            return refused(refusal("its steps have an order of their own, so that it runs whole or"
                + " not at all" + (from.isEmpty() ? "; some of them are done: to do these once"
                    + " more, say from " + all.get(0).branchId() : "")));
        }
        List<Part> chosen = ended.mode() == Mode.MSG && from.isEmpty()
                && all.get(first).standing != Standing.DONE
            ? all.stream().filter(each -> each.standing != Standing.DONE).toList()
            : all.subList(first, all.size());
        if (chosen.stream().mapToLong(Part::bytes).sum() > Limits.TRANSACTION_BYTES) {
            return refused(refusal("its payloads are more than " + Limits.TRANSACTION_BYTES
                + " bytes together"));
        }
        Set<String> ids = chosen.stream().map(Part::branchId).collect(Collectors.toSet());
        List<Part> left = all.stream().filter(each -> !ids.contains(each.branchId)).toList();
        return new Again(submission(ended, next, chosen), chosen.get(0).branchId(),
            warnings(ended.mode(), chosen, left), null);
    }

    /** The same each time: {@code order-7-again-1}, and of that one {@code order-7-again-2}. */
    public static String gidAfter(GlobalTransaction ended) {
        Matcher numbered = NUMBERED.matcher(ended.ownGid());
        return ended.submission().context().attributes().containsKey(Context.AGAIN_OF)
                && numbered.matches()
            ? numbered.group(1) + "-again-" + (Integer.parseInt(numbered.group(2)) + 1)
            : ended.ownGid() + "-again-1";
    }

    /** Whether {@code there} is what this asks for: then it was asked for before. */
    public boolean is(GlobalTransaction there) {
        return there.submission() != null && submission.sameWorkAs(there.submission())
            && submission.context().attributes().get(Context.AGAIN_OF)
                .equals(there.submission().context().attributes().get(Context.AGAIN_OF));
    }

    private static Again refused(Reply why) {
        return new Again(null, "", List.of(), why);
    }

    private static Reply refusal(String why) {
        return new Reply.Refused(why + ": cannot run it again.");
    }

    private static Optional<Reply> refusal(GlobalTransaction t) {
        if (t.isQuarantined()) {
            return Optional.of(refusal("this transaction is in quarantine: " + t.quarantine()));
        }
        if (!t.isFinal()) {
            return Optional.of(refusal(
                "current status '" + t.status().wire() + "', it has not ended"));
        }
        if (t.mode().partsOf(t).isEmpty()) {
            return Optional.of(refusal("a transaction of the mode " + t.mode().wire()
                + " is driven by its application, which alone can begin another one"));
        }
        return t.submittedAt() != null ? Optional.empty()
            : Optional.of(refusal("its initiator never submitted it"));
    }

    private static int firstToDo(List<Part> all) {
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).standing != Standing.DONE) {
                return i;
            }
        }
        return all.isEmpty() ? -1 : 0;
    }

    private static boolean isPartlyDone(List<Part> all) {
        return all.stream().map(each -> each.standing == Standing.DONE).distinct().count() > 1;
    }

    private static int place(List<Part> all, String branchId) {
        for (int i = 0; i < all.size(); i++) {
            if (all.get(i).branchId.equals(branchId)) {
                return i;
            }
        }
        return -1;
    }

    /** Nobody is asked whether it was committed, and nothing is put off: that is long over. */
    private static Submission submission(GlobalTransaction ended, String gid, List<Part> parts) {
        Submission old = ended.submission();
        boolean wasPutOff = old.details() instanceof Details.Delay;
        boolean isLimited = old.options().retryLimit() > 0
            || parts.stream().anyMatch(Part::hasRetryLimit);
        return new Submission(gid, old.mode(), parts.stream().map(Part::step).toList(), "",
            old.protocol(), wasPutOff ? "" : old.customData(),
            wasPutOff ? Details.PLAIN : old.details(), old.options().again(isLimited),
            context(old));
    }

    /** Found by what the old one is found by; whoever asks for it is not part of the old trace. */
    private static Context context(Submission old) {
        Map<String, String> attributes = new LinkedHashMap<>(old.context().attributes());
        attributes.put(Context.AGAIN_OF, old.ownGid());
        return new Context(old.context().namespace(), attributes, "", "");
    }

    private static List<String> warnings(Mode mode, List<Part> chosen, List<Part> left) {
        return List.of(
                told(left, Standing.DONE, mode == Mode.SAGA ? "not part of it, since done before:"
                    + " if it is rolled back, that stays done" : ""),
                told(left, Standing.NOT_DONE, "not part of it, and not done"),
                told(left, Standing.UNKNOWN, "not part of it, and not known to be done"),
                told(chosen, Standing.DONE, "done before, and done once more"),
                told(chosen, Standing.UNKNOWN,
                    "may have been done before, and then is done once more"))
            .stream().flatMap(Optional::stream).toList();
    }

    private static Optional<String> told(List<Part> parts, Standing standing, String what) {
        List<String> ids = parts.stream().filter(each -> each.standing == standing)
            .map(Part::branchId).toList();
        if (ids.isEmpty() || what.isEmpty()) {
            return Optional.empty();
        }
        String more = ids.size() <= BRANCHES_TOLD ? ""
            : " and " + (ids.size() - BRANCHES_TOLD) + " more";
        return Optional.of(String.join(", ", ids.stream().limit(BRANCHES_TOLD).toList()) + more
            + ": " + what);
    }
}

package io.pactor.client;

import io.pactor.client.TransactionView.BranchView;
import io.pactor.client.XaFinding.Verdict;
import io.pactor.client.participant.BarrierException;
import io.pactor.client.participant.BranchCall;
import io.pactor.client.participant.JdbcBarrier;
import io.pactor.client.participant.PreparedBranch;
import io.pactor.client.participant.XaBranch;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import javax.sql.DataSource;

/**
 * Finds prepared branches that nobody has ended, and ends those of which the coordinator's record
 * says how. A prepared branch holds its locks for ever, and neither the database nor the
 * coordinator can tell that it was forgotten: by a participant that answered without ending it, or
 * by a database that was restored.
 *
 * <pre>{@code
 * XaJanitor janitor = XaJanitor.of(pactor, barrier, dataSource);
 * List<XaFinding> found = janitor.look();        // changes nothing
 * found.forEach(System.out::println);
 * janitor.end(found).forEach(System.out::println);
 * }</pre>
 *
 * <p>It guesses nothing. What it cannot be sure of, it leaves, and says why: a branch that has no
 * row in this barrier, one whose transaction is another's, undecided, young, of unknown age, or
 * unknown to the coordinator, and one that an operator has ended by force. Any thread; methods
 * block.
 */
public final class XaJanitor {

    /** What is younger is left by default: the coordinator is likely to be at it. */
    public static final Duration AGE_MIN = Duration.ofMinutes(5);

    private static final String COMMIT = "commit";
    private static final String ROLLBACK = "rollback";
    private static final String DONE = "succeed";

    private final Pactor pactor;
    private final XaBranch branches;
    private final DataSource dataSource;
    private final Duration ageMin;

    private XaJanitor(Pactor pactor, XaBranch branches, DataSource dataSource, Duration ageMin) {
        this.pactor = Objects.requireNonNull(pactor);
        this.branches = branches;
        this.dataSource = Objects.requireNonNull(dataSource);
        this.ageMin = ageMin;
    }

    /**
     * One for that database, with {@link #AGE_MIN}.
     *
     * @param pactor the coordinator that has the transactions on record
     * @param barrier the one that the participants of this database use
     * @param dataSource with a user who may end what they have prepared; in MariaDB and MySQL, with
     *     the schema in which the participants have their barrier
     */
    public static XaJanitor of(Pactor pactor, JdbcBarrier barrier, DataSource dataSource) {
        return new XaJanitor(pactor, XaBranch.of(barrier), dataSource, AGE_MIN);
    }

    /**
     * One that leaves what is younger. Where the database does not tell the age of a branch, as
     * MariaDB and MySQL, that of its transaction counts; without either it is left.
     */
    public XaJanitor olderThan(Duration age) {
        if (age.isNegative()) {
            throw new IllegalArgumentException("an age is not negative: " + age);
        }
        return new XaJanitor(pactor, branches, dataSource, age);
    }

    /**
     * The dry run: what is prepared, and what is to become of it. Changes nothing.
     *
     * @throws SQLException if the database cannot be asked
     * @throws UnavailableException if no coordinator answers
     */
    public List<XaFinding> look() throws SQLException {
        Map<String, Optional<TransactionView>> known = new HashMap<>();
        List<XaFinding> found = new ArrayList<>();
        for (PreparedBranch each : branches.prepared(dataSource)) {
            found.add(branches.isOwn(dataSource, each) ? judged(each, known)
                : left(each, each.isNamedAsBranch() ? "it is of another barrier than this one"
                    : "it has no name of ours"));
        }
        return found;
    }

    /**
     * Ends those that {@link #look} has found to be decided, if they still are.
     *
     * @return all that are prepared, with what was done; one that could not be ended is left, and
     *     its reason says why
     * @throws SQLException as {@link #look}; nothing was ended then
     * @throws UnavailableException as {@link #look}; nothing was ended then
     */
    public List<XaFinding> end(List<XaFinding> shown) throws SQLException {
        List<XaFinding> ended = new ArrayList<>();
        for (XaFinding each : look()) {
            boolean isShown = shown.stream().anyMatch(one -> one.verdict() == each.verdict()
                && one.branch().xid().equals(each.branch().xid()));
            ended.add(!each.isDecided() ? each : isShown ? ended(each)
                : left(each.branch(), "it was not shown before"));
        }
        return ended;
    }

    private XaFinding ended(XaFinding decided) {
        PreparedBranch branch = decided.branch();
        boolean commits = decided.verdict() == Verdict.COMMIT;
        try {
            branches.end(dataSource, new BranchCall(branch.gid(), Xa.MODE, branch.branchId(),
                commits ? COMMIT : ROLLBACK));
            return new XaFinding(branch, commits ? Verdict.COMMITTED : Verdict.ROLLED_BACK,
                decided.reason());
        } catch (BarrierException | IllegalArgumentException e) {
            return left(branch, e.getMessage());
        }
    }

    private XaFinding judged(PreparedBranch branch, Map<String, Optional<TransactionView>> known) {
        Optional<TransactionView> view;
        try {
            view = known.computeIfAbsent(branch.gid(), pactor::query);
        } catch (RejectedException e) {
            return left(branch, "the coordinator does not say how it ends: " + e.getMessage());
        }
        return view.map(each -> judged(branch, each)).orElseGet(() -> left(branch,
            "the coordinator has no transaction " + branch.gid() + ", or none any more"));
    }

    private XaFinding judged(PreparedBranch branch, TransactionView view) {
        if (!view.mode().equals(Xa.MODE)) {
            return left(branch, view.gid() + " is a " + view.mode() + ", not an xa");
        }
        Optional<Duration> age = branch.age().or(() -> Optional.ofNullable(view.createdAt())
            .map(begin -> Duration.between(begin, Instant.now())));
        if (age.isEmpty()) {
            return left(branch, "its age is not known: neither the database nor the coordinator"
                + " tells it");
        }
        if (age.get().compareTo(ageMin) < 0) {
            return left(branch, "it is younger than " + ageMin);
        }
        String is = "its transaction is " + view.status();
        return switch (view.status()) {
            case "submitted" -> has(view, branch, COMMIT)
                ? new XaFinding(branch, Verdict.COMMIT, is) : notRegistered(branch, is);
            case "aborting" -> has(view, branch, ROLLBACK)
                ? new XaFinding(branch, Verdict.ROLL_BACK, is) : notRegistered(branch, is);
            case DONE -> !has(view, branch, COMMIT) ? notRegistered(branch, is)
                : areDone(view, COMMIT) ? new XaFinding(branch, Verdict.COMMIT, is)
                : forced(branch, is);
            case "failed" -> !has(view, branch, ROLLBACK) ? notRegistered(branch, is)
                : areDone(view, ROLLBACK) ? new XaFinding(branch, Verdict.ROLL_BACK, is)
                : forced(branch, is);
            default -> left(branch, is + ", so it is undecided");
        };
    }

    /** A late participant: nobody has counted on it. */
    private static XaFinding notRegistered(PreparedBranch branch, String is) {
        return left(branch, is + ", but has no such branch");
    }

    /** Some of its branches may have committed, and others not. */
    private static XaFinding forced(PreparedBranch branch, String is) {
        return left(branch, is + " by force, before all branches had ended: decide by hand");
    }

    private static XaFinding left(PreparedBranch branch, String reason) {
        return new XaFinding(branch, Verdict.LEAVE, reason);
    }

    private static boolean has(TransactionView view, PreparedBranch branch, String op) {
        return view.branches().stream().anyMatch(
            each -> each.op().equals(op) && each.branchId().equals(branch.branchId()));
    }

    /** Whether the transaction has ended so because all of them have, and not by force. */
    private static boolean areDone(TransactionView view, String op) {
        return view.branches().stream().filter(each -> each.op().equals(op))
            .map(BranchView::status).allMatch(DONE::equals);
    }
}

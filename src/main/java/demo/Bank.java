package demo;

import com.fasterxml.jackson.databind.node.ObjectNode;
import demo.Barrier.Passage;
import demo.Timeline.Entry;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A participant: one account behind HTTP, which takes part in every mode.
 *
 * <p>{@code /withdraw} and {@code /deposit} take {@code {"cents":N}}; the query says for which
 * branch and which operation. {@code /committed} answers whether a local transaction of this bank
 * committed. Each call's work and its barrier rows are one transaction of the bank's database.
 */
final class Bank implements AutoCloseable {

    private final String name;
    private final Timeline timeline;
    private final DemoClient caller;
    private final Books books;
    private final XaDesk xaDesk;
    private final Endpoint endpoint;
    private final Map<String, Runnable> beforeAnswering = new ConcurrentHashMap<>();

    /**
     * Opens the bank with an account of its own.
     *
     * @param caller with the bank's name; by it the bank joins XA transactions
     * @param directory for the database; created
     * @param cents on the account
     */
    Bank(DemoClient caller, Path directory, long cents, Timeline timeline)
            throws IOException, SQLException {
        this.name = caller.name();
        this.timeline = timeline;
        this.caller = caller;
        this.books = new Books(directory, cents);
        this.xaDesk = new XaDesk(books);
        this.endpoint = new Endpoint(this::handle);
    }

    String name() {
        return name;
    }

    Books books() {
        return books;
    }

    /** Where money is taken: the action and its undoing have the same address. */
    String withdrawUrl() {
        return endpoint.url() + "/withdraw";
    }

    /** Where money is brought. */
    String depositUrl() {
        return endpoint.url() + "/deposit";
    }

    /** Where to ask whether a local transaction committed. */
    String committedUrl() {
        return endpoint.url() + "/committed";
    }

    /**
     * Runs {@code pause} once, after this branch's work is committed and before it is answered; the
     * answer is then lost on a coordinator that died meanwhile.
     */
    void beforeAnswering(String gid, String branchId, Runnable pause) {
        beforeAnswering.put(gid + " " + branchId, pause);
    }

    /**
     * A local transaction that begins a two-phase message: it withdraws, and leaves the row by
     * which {@code /committed} will know of it.
     */
    void withdrawLocally(String gid, long cents) throws Exception {
        Entry entry = Entry.asked(name, name, "local commit")
                .about("00", "withdraw " + Money.text(cents));
        try (Connection connection = books.begin()) {
            BranchInfo message = new BranchInfo("msg", gid, "00", "msg");
            if (Barrier.enter(connection, message) != Passage.OPEN) {
                throw new BusinessRefusal(
                    "the coordinator was told already that this did not commit");
            }
            Books.book(connection, -cents);
            connection.commit();
        }
        timeline.add(entry.answered("done", true));
    }

    @Override
    public void close() throws SQLException {
        endpoint.close();
        books.close();
    }

    private Endpoint.Reply handle(Endpoint.Request request) {
        Entry entry = Entry.asked("?", name, request.path());
        Endpoint.Reply reply;
        try {
            BranchInfo branch = BranchInfo.of(request.query());
            entry = Entry.asked(asker(branch), name, branch.op())
                    .about(branch.id(), business(request));
            String words = serve(branch, request);
            entry = entry.answered(words, true);
            reply = Endpoint.Reply.success();
        } catch (BusinessRefusal e) {
            entry = entry.answered("FAILURE: " + e.getMessage(), false);
            reply = Endpoint.Reply.failure(e.getMessage());
        } catch (Exception e) {
            entry = entry.answered("error: " + e, false);
            reply = Endpoint.Reply.error(e.toString());
        }
        timeline.add(entry);
        return reply;
    }

    private String serve(BranchInfo branch, Endpoint.Request request) throws Exception {
        if (request.path().equals("/committed")) {
            return committed(branch);
        }
        long cents = request.body().path("cents").asLong();
        long change = request.path().equals("/withdraw") ? -cents : cents;
        Passage passage = branch.mode().equals("xa")
                ? xa(branch, change, request.query())
                : local(branch, change);
        String words = passage == Passage.OPEN ? done(branch) : passage.words();
        Runnable pause = beforeAnswering.remove(branch.gid() + " " + branch.id());
        if (pause != null) {
            pause.run();
            words += ", but nobody hears it";
        }
        return words;
    }

    private String committed(BranchInfo branch) throws SQLException, BusinessRefusal {
        try (Connection connection = books.begin()) {
            boolean committed = Barrier.committed(connection, branch);
            connection.commit();
            if (!committed) {
                throw new BusinessRefusal("it did not commit");
            }
            return "yes, it did";
        }
    }

    private Passage local(BranchInfo branch, long change) throws Exception {
        try (Connection connection = books.begin()) {
            Passage passage = Barrier.enter(connection, branch);
            if (passage == Passage.OPEN) {
                work(connection, branch.op(), change);
            }
            connection.commit();
            return passage;
        }
    }

    /** The business proper; {@code change} is what the action adds to the account. */
    private static void work(Connection connection, String op, long change) throws Exception {
        boolean withdrawal = change < 0;
        switch (op) {
            case "action" -> Books.book(connection, change);
            case "compensate" -> Books.book(connection, -change);
            case "try" -> {
                if (withdrawal) {
                    Books.hold(connection, -change);
                }
            }
            case "confirm" -> {
                if (withdrawal) {
                    Books.payHeld(connection, -change);
                } else {
                    Books.book(connection, change);
                }
            }
            case "cancel" -> {
                if (withdrawal) {
                    Books.release(connection, -change);
                }
            }
            default -> throw new IllegalArgumentException("no such operation: " + op);
        }
    }

    private Passage xa(BranchInfo branch, long change, Map<String, String> query) throws Exception {
        return switch (branch.op()) {
            case "action" -> xaDesk.prepare(branch, connection -> {
                Books.book(connection, change);
                ObjectNode body = DemoClient.about(branch.gid(), branch.mode())
                        .put("branch_id", branch.id()).put("url", query.get("phase2_url"));
                caller.tell("registerBranch", body, branch.id(), "I take part");
            });
            case "commit" -> xaDesk.commit(branch);
            case "rollback" -> xaDesk.rollback(branch);
            default -> throw new IllegalArgumentException("no such operation: " + branch.op());
        };
    }

    /** Who asks can be told from what is asked: the initiator calls some branches itself. */
    private static String asker(BranchInfo branch) {
        boolean itself = switch (branch.mode()) {
            case "tcc" -> branch.op().equals("try");
            case "xa" -> branch.op().equals("action");
            case "workflow" -> true;
            default -> false;
        };
        return itself ? "initiator" : "coordinator";
    }

    private static String done(BranchInfo branch) {
        return switch (branch.op()) {
            case "try" -> "ready, for now";
            case "compensate", "cancel", "rollback" -> "undone";
            case "commit" -> "committed";
            default -> branch.mode().equals("xa") ? "prepared, held in doubt" : "done";
        };
    }

    private static String business(Endpoint.Request request) {
        if (request.path().equals("/committed")) {
            return "did you commit?";
        }
        String verb = request.path().substring(1);
        return request.body().has("cents")
                ? verb + " " + Money.text(request.body().path("cents").asLong())
                : verb;
    }
}

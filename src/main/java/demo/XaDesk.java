package demo;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The XA branches of one bank: prepared by the action, ended by commit or rollback.
 *
 * <p>Between the two phases the database itself holds the branch in doubt: its rows are locked, its
 * changes invisible. H2 keeps such a branch only while the connection that prepared it is open, so
 * that connection is kept here; PostgreSQL and MariaDB would let go of it.
 */
final class XaDesk {

    private final Books books;
    private final Map<String, Connection> prepared = new ConcurrentHashMap<>();

    /** The business of a branch, inside its XA transaction. */
    @FunctionalInterface
    interface Work {

        /** Changes the books and joins the global transaction; throwing undoes all of it. */
        void run(Connection connection) throws Exception;
    }

    XaDesk(Books books) {
        this.books = books;
    }

    /** First phase. When this returns OPEN, the branch can be committed, whatever may come. */
    Barrier.Passage prepare(BranchInfo branch, Work work) throws Exception {
        Connection connection = books.begin();
        boolean kept = false;
        try {
            Barrier.Passage passage = Barrier.enter(connection, branch);
            if (passage == Barrier.Passage.OPEN) {
                work.run(connection);
                execute(connection, "prepare commit " + name(branch));
                prepared.put(name(branch), connection);
                kept = true;
            }
            return passage;
        } finally {
            if (!kept) {
                connection.rollback();
                connection.close();
            }
        }
    }

    /**
     * Second phase, forward.
     *
     * @throws IllegalStateException if the branch is neither prepared nor committed here
     */
    Barrier.Passage commit(BranchInfo branch) throws SQLException {
        if (end("commit", branch)) {
            return Barrier.Passage.OPEN;
        }
        try (Connection connection = books.begin()) {
            BranchInfo action = branch.withOp("action");
            if (!Barrier.reason(connection, action).equals(action.op())) {
                throw new IllegalStateException("no branch " + name(branch) + " was prepared here");
            }
            return Barrier.Passage.REPEATED;
        }
    }

    /** Second phase, backward; also bars the action from coming late. */
    Barrier.Passage rollback(BranchInfo branch) throws SQLException {
        boolean undone = end("rollback", branch);
        try (Connection connection = books.begin()) {
            Barrier.close(connection, branch.withOp("action"));
            connection.commit();
        }
        return undone ? Barrier.Passage.OPEN : Barrier.Passage.NOTHING_TO_UNDO;
    }

    private boolean end(String how, BranchInfo branch) throws SQLException {
        // Taken out first, so that of two equal calls one ends the branch and one finds it ended.
        Connection connection = prepared.remove(name(branch));
        if (connection == null) {
            return false;
        }
        try {
            execute(connection, how + " transaction " + name(branch));
        } catch (SQLException e) {
            prepared.put(name(branch), connection); // Still in doubt: the coordinator asks again.
            throw e;
        }
        connection.close();
        return true;
    }

    /** The branch's name in the database, quoted: gid and branch, as in DTM's clients. */
    private static String name(BranchInfo branch) {
        return '"' + (branch.gid() + "-" + branch.id()).replace("\"", "\"\"") + '"';
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}

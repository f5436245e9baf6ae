package io.pactor.client.participant;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Predicate;
import javax.sql.DataSource;

/**
 * Deletes what a {@link JdbcBarrier} no longer needs: the rows of transactions all of whose rows
 * are older than an age, with their replies.
 *
 * <p><b>The age must exceed the life of any transaction</b>, retries included, and the age of any
 * backup of the coordinator that might be restored. For a row that is gone, a repeat is a first
 * call, and an undo finds nothing to undo: what was done stays done. {@link Builder#ifEnded} asks
 * the coordinator first, and removes that danger.
 *
 * <p>Each run deletes a bounded number of rows, in transactions of a bounded number of their own.
 * Several may run at once. Rows without a time are kept: DTM's clients write such on PostgreSQL.
 * Any thread; {@link #run} blocks.
 */
public final class BarrierCleanup {

    /** The least age, since a call may come late, and again. */
    public static final Duration AGE_MIN = Duration.ofDays(1);

    /** How many rows one transaction deletes unless told: locks for some ten milliseconds. */
    public static final int ROWS_PER_TRANSACTION = 500;

    /** How many rows one run deletes unless told, so that it ends within minutes. */
    public static final int ROWS_PER_RUN = 100_000;

    /**
     * Added to the age. Most databases note the hour that the session's time zone has, and zones
     * differ by as much, from UTC-12 to UTC+14.
     */
    static final Duration ZONES = Duration.ofHours(26);

    private final Duration age;
    private final TableName table;
    private final Optional<Dialect> dialect;
    private final Predicate<String> hasEnded;
    private final int rowsPerTransaction;
    private final int rowsPerRun;

    private BarrierCleanup(Builder builder) {
        age = builder.age.plus(ZONES);
        table = builder.table;
        dialect = builder.dialect;
        hasEnded = builder.hasEnded;
        rowsPerTransaction = builder.rowsPerTransaction;
        rowsPerRun = builder.rowsPerRun;
    }

    /**
     * Begins one for rows that are older than that; they are kept up to 26 hours longer, as the
     * time on them may be that of any zone.
     *
     * @param age at least {@link #AGE_MIN}
     * @throws IllegalArgumentException if it is less
     */
    public static Builder olderThan(Duration age) {
        return new Builder(age);
    }

    /** A row that may be deleted as soon as all rows of its transaction may. */
    private record Row(long id, String gid, String branchId, String op, String barrierId,
            boolean isOld, boolean isLast) {}

    /**
     * Deletes what is due, and returns how many rows of the barrier that were. If it is as many as
     * a run may delete, more are due.
     *
     * @throws BarrierException if the database failed; what was deleted before stays deleted
     */
    public int run(DataSource dataSource) {
        int deleted = 0;
        long after = -1;
        Map<String, Boolean> ended = new HashMap<>();
        while (deleted < rowsPerRun) {
            int most = Math.min(rowsPerTransaction, rowsPerRun - deleted);
            long from = after;
            List<Row> page = in(dataSource, connection -> read(connection, from, most));
            // They come as they were written, so behind young ones there are only younger.
            if (page.stream().noneMatch(Row::isOld)) {
                break;
            }
            List<Row> due = page.stream().filter(Row::isLast).filter(row ->
                ended.computeIfAbsent(row.gid(), hasEnded::test)).toList();
            deleted += in(dataSource, connection -> delete(connection, due));
            after = page.get(page.size() - 1).id();
        }
        return deleted;
    }

    private static <T> T in(DataSource dataSource, LocalTransaction.Work<T> work) {
        return LocalTransaction.run(dataSource, "clean-up of the barrier", work);
    }

    private List<Row> read(Connection connection, long after, int most) throws SQLException {
        Dialect known = dialect.isPresent() ? dialect.get() : Dialect.of(connection);
        String name = table.qualified();
        String then = known.ago(age);
        String query = "select b.id, b.gid, b.branch_id, b.op, b.barrier_id,"
            + " case when b.create_time < " + then + " then 1 else 0 end,"
            + " (select count(*) from " + name + " y where y.gid = b.gid"
            + " and (y.create_time is null or y.create_time >= " + then + "))"
            + " from " + name + " b where b.id > ? and b.create_time is not null order by b.id"
            + known.atMost(most);
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setLong(1, after);
            List<Row> page = new ArrayList<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    page.add(new Row(rows.getLong(1), rows.getString(2), rows.getString(3),
                        rows.getString(4), rows.getString(5), rows.getInt(6) == 1,
                        rows.getInt(7) == 0));
                }
            }
            return page;
        }
    }

    private int delete(Connection connection, List<Row> due) throws SQLException {
        if (due.isEmpty()) {
            return 0;
        }
        try (PreparedStatement replies = connection.prepareStatement("delete from "
                    + table.replies()
                    + " where gid = ? and branch_id = ? and op = ? and barrier_id = ?");
                PreparedStatement rows = connection.prepareStatement(
                    "delete from " + table.qualified() + " where id = ?")) {
            for (Row row : due) {
                replies.setString(1, row.gid());
                replies.setString(2, row.branchId());
                replies.setString(3, row.op());
                replies.setString(4, row.barrierId());
                replies.addBatch();
                rows.setLong(1, row.id());
                rows.addBatch();
            }
            replies.executeBatch();
            int deleted = 0;
            for (int count : rows.executeBatch()) {
                // A driver that does not count has not failed either.
                deleted += count == 0 ? 0 : 1;
            }
            return deleted;
        }
    }

    /** Makes a clean-up. */
    public static final class Builder {

        private final Duration age;
        private TableName table = TableName.DEFAULT;
        private Optional<Dialect> dialect = Optional.empty();
        private Predicate<String> hasEnded = gid -> true;
        private int rowsPerTransaction = ROWS_PER_TRANSACTION;
        private int rowsPerRun = ROWS_PER_RUN;

        private Builder(Duration age) {
            if (age.compareTo(AGE_MIN) < 0) {
                throw new IllegalArgumentException("rows older than " + age + ": the least is "
                    + AGE_MIN + " (BarrierCleanup.AGE_MIN), since calls may come late");
            }
            this.age = age;
        }

        /**
         * Keeps the rows of transactions that have not ended.
         *
         * @param test whether the transaction with that gid has ended, as the coordinator says;
         *     asked once a run for each that is old enough, outside of any database transaction.
         *     What it throws ends the run
         */
        public Builder ifEnded(Predicate<String> test) {
            hasEnded = Objects.requireNonNull(test);
            return this;
        }

        /** As for {@link JdbcBarrier.Builder#table}. */
        public Builder table(String name) {
            table = new TableName(name);
            return this;
        }

        /** As for {@link JdbcBarrier.Builder#dialect}. */
        public Builder dialect(Dialect known) {
            dialect = Optional.of(known);
            return this;
        }

        /** Another bound than {@link #ROWS_PER_TRANSACTION}; at least 1. */
        public Builder rowsPerTransaction(int rows) {
            rowsPerTransaction = positive(rows);
            return this;
        }

        /** Another bound than {@link #ROWS_PER_RUN}; at least 1. */
        public Builder rowsPerRun(int rows) {
            rowsPerRun = positive(rows);
            return this;
        }

        /** The clean-up; nothing is deleted yet. */
        public BarrierCleanup build() {
            return new BarrierCleanup(this);
        }

        private static int positive(int rows) {
            if (rows < 1) {
                throw new IllegalArgumentException(rows + " rows: the least is 1");
            }
            return rows;
        }
    }
}

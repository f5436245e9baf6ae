package io.pactor.client;

import io.pactor.client.participant.BranchCall;
import io.pactor.client.participant.JdbcBarrier;
import io.pactor.client.participant.Refused;
import io.pactor.client.participant.Reply;
import io.pactor.client.participant.XaBranch;
import java.sql.SQLException;
import java.util.Map;
import java.util.Objects;
import javax.sql.DataSource;

/**
 * A participant in XA transactions, in one database: PostgreSQL, with
 * {@code max_prepared_transactions} above 0, or MariaDB. It serves both phases at one url:
 *
 * <pre>{@code
 * BranchCall call = BranchCall.from(query::get).orElseThrow();
 * return HttpAnswer.of(participant.run(call, "http://bank-a:8080/out",
 *     connection -> withdraw(connection, body)));
 * }</pre>
 *
 * <p>An action makes its branch known to the coordinator, does its work, and prepares it under the
 * name {@code <gid>-<branch id>}, by which any replica of the participant commits it or rolls it
 * back later ({@link XaBranch}). Any thread; methods block.
 */
public final class XaParticipant {

    private final Pactor pactor;
    private final XaBranch branches;
    private final DataSource dataSource;

    private XaParticipant(Pactor pactor, XaBranch branches, DataSource dataSource) {
        this.pactor = Objects.requireNonNull(pactor);
        this.branches = branches;
        this.dataSource = Objects.requireNonNull(dataSource);
    }

    /**
     * One in that database.
     *
     * @param pactor where its branches are registered: the coordinator of those who call it
     * @param barrier of the database
     */
    public static XaParticipant of(Pactor pactor, JdbcBarrier barrier, DataSource dataSource) {
        return new XaParticipant(pactor, XaBranch.of(barrier), dataSource);
    }

    /**
     * Says now what the first call would. For the start of an application.
     *
     * @throws IllegalStateException if the database cannot prepare transactions
     * @throws SQLException as {@link XaBranch#check}
     */
    public void check() throws SQLException {
        branches.check(dataSource);
    }

    /**
     * Serves a call: an action runs {@code body}; commit and rollback end what was prepared.
     *
     * @param url where the coordinator calls for the second phase, by POST without a body. Do not
     *     take it from the call: whoever makes one could have the coordinator call anything
     * @return what to answer
     * @throws Refused by the body, or because the transaction takes no more branches
     * @throws IllegalArgumentException if it is no call of an XA transaction
     * @throws io.pactor.client.participant.BarrierException if the database failed, as
     *     {@link XaBranch} says; answer it as any other exception, and the coordinator calls again
     * @throws PactorException if no coordinator has taken the branch
     */
    public Reply run(BranchCall call, String url, JdbcBarrier.Body body) {
        if (!call.mode().equals(Xa.MODE)) {
            throw new IllegalArgumentException("no call of an XA transaction: " + call);
        }
        if (!call.op().equals("action")) {
            branches.end(dataSource, call);
            return Reply.EMPTY;
        }
        // Before anything is prepared, or nobody might end it.
        Registration.send(pactor, Xa.MODE, call.gid(), call.branchId(), Map.of("url", url))
            .ifPresent(refusal -> {
                throw new Refused(refusal);
            });
        return branches.prepare(dataSource, call, body);
    }
}

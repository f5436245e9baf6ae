package io.pactor.client;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.pactor.client.participant.BarrierSchema;
import io.pactor.client.participant.BranchCall;
import io.pactor.client.participant.HttpAnswer;
import io.pactor.client.participant.JdbcBarrier;
import io.pactor.client.participant.Refused;
import io.pactor.client.participant.Reply;
import io.pactor.client.participant.XaBranch;
import io.pactor.testing.DatabaseServer;
import io.pactor.testing.MariadbServer;
import io.pactor.testing.PostgresServer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.mariadb.jdbc.MariaDbDataSource;
import org.postgresql.ds.PGSimpleDataSource;

/** Accounts in a database of their own, as a participant of XA transactions. */
final class XaBank {

    /** The databases that can prepare. */
    enum Kind {
        POSTGRESQL, MARIADB
    }

    /** What ann has at first; bob has nothing. */
    static final int CENTS = 100;

    final JdbcBarrier barrier = JdbcBarrier.create();
    final DataSource database;

    XaBank(Kind kind) {
        boolean isPostgresql = kind == Kind.POSTGRESQL;
        boolean isHere = isPostgresql ? PostgresServer.isHere() : MariadbServer.isHere();
        if (!isHere && System.getenv("CI") != null) {
            throw new AssertionError(kind + " is not on this machine");
        }
        assumeTrue(isHere, kind + " is not on this machine");
        DatabaseServer server = isPostgresql ? PostgresServer.shared() : MariadbServer.shared();
        String url = server.fresh();
        try {
            if (isPostgresql) {
                PGSimpleDataSource postgresql = new PGSimpleDataSource();
                postgresql.setUrl(url);
                database = postgresql;
            } else {
                database = new MariaDbDataSource(url);
            }
            try (Connection connection = database.getConnection()) {
                BarrierSchema.create(connection);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        execute("create table account (name varchar(20) primary key, cents int not null)",
            "insert into account values ('ann', " + CENTS + "), ('bob', 0)");
    }

    /** Serves {@code path}, whose calls add {@code cents} to ann's account. */
    void serve(Participants services, String path, Pactor pactor, int cents) {
        XaParticipant participant = XaParticipant.of(pactor, barrier, database);
        services.answer(path, call -> {
            try {
                BranchCall branch = BranchCall.from(call.query()::get).orElseThrow();
                return answer(HttpAnswer.of(participant.run(branch, services.url(path),
                    connection -> add(connection, cents))));
            } catch (RuntimeException e) {
                return answer(HttpAnswer.of(e));
            }
        });
    }

    /** Leaves ann's account locked until the branch is ended. */
    void prepare(String gid, String branchId, int cents) {
        XaBranch.of(barrier).prepare(database,
            new BranchCall(gid, "xa", branchId, "action"), connection -> add(connection, cents));
    }

    static Reply add(Connection connection, int cents) throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                "update account set cents = cents + ? where name = 'ann' and cents + ? >= 0")) {
            update.setInt(1, cents);
            update.setInt(2, cents);
            if (update.executeUpdate() == 0) {
                throw new Refused("not so much money");
            }
        }
        return Reply.json("{\"moved\":" + cents + "}");
    }

    int cents() {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row =
                    statement.executeQuery("select cents from account where name = 'ann'")) {
            row.next();
            return row.getInt(1);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    void execute(String... statements) {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            for (String each : statements) {
                statement.execute(each);
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Participants.Answer answer(HttpAnswer answer) {
        return new Participants.Answer(
            answer.status(), new String(answer.body(), StandardCharsets.UTF_8));
    }
}

package shop.wallets;

import io.pactor.client.participant.BarrierSchema;
import io.pactor.client.participant.BranchCall;
import io.pactor.client.participant.JdbcBarrier;
import io.pactor.client.participant.Refused;
import io.pactor.client.participant.Reply;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.OptionalLong;
import javax.sql.DataSource;

/** What is in the wallets. Each change is a branch, and is made once. */
final class Wallets {

    private final DataSource database;
    private final JdbcBarrier barrier = JdbcBarrier.create();

    Wallets(DataSource database) {
        this.database = database;
    }

    void makeTables() throws SQLException {
        try (Connection connection = database.getConnection();
                Statement statement = connection.createStatement()) {
            BarrierSchema.create(connection);
            statement.execute("create table if not exists wallet(owner varchar(40) primary key,"
                + " cents bigint not null check (cents >= 0))");
            for (String owner : new String[] {"ann", "bob"}) {
                statement.execute("insert into wallet select '" + owner + "', 10000"
                    + " where not exists (select 1 from wallet where owner = '" + owner + "')");
            }
        }
    }

    /** Adds {@code cents}, or takes them if they are negative, in one transaction with its row. */
    Reply change(BranchCall call, String owner, long cents) {
        return barrier.run(database, call, connection -> {
            try (PreparedStatement update = connection.prepareStatement(
                    "update wallet set cents = cents + ? where owner = ? and cents + ? >= 0")) {
                update.setLong(1, cents);
                update.setString(2, owner);
                update.setLong(3, cents);
                if (update.executeUpdate() == 0) {
                    throw new Refused(owner + " has no " + Math.abs(cents) + " cents");
                }
            }
            return Reply.EMPTY;
        });
    }

    OptionalLong cents(String owner) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement query = connection.prepareStatement(
                    "select cents from wallet where owner = ?")) {
            query.setString(1, owner);
            try (ResultSet row = query.executeQuery()) {
                return row.next() ? OptionalLong.of(row.getLong(1)) : OptionalLong.empty();
            }
        }
    }
}

package docs;

import io.pactor.client.Call;
import io.pactor.client.Outcome;
import io.pactor.client.Pactor;
import io.pactor.client.Workflow;
import io.pactor.client.WorkflowResult;
import io.pactor.client.WorkflowSteps;
import io.pactor.client.XaFinding;
import io.pactor.client.XaJanitor;
import io.pactor.client.XaParticipant;
import io.pactor.client.participant.BranchCall;
import io.pactor.client.participant.HttpAnswer;
import io.pactor.client.participant.JdbcBarrier;
import io.pactor.client.participant.Refused;
import io.pactor.client.participant.Reply;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/** The code of docs/java.md, compiled. */
final class JavaPage {

    private static final String STOCK = "http://stock:8081/stock";
    private static final String ACCOUNTS = "http://accounts:8082/accounts";

    private JavaPage() {}

    static void saga() {
        try (Pactor pactor = Pactor.connect("http://127.0.0.1:8080")) {
            Map<String, Object> line = Map.of("article", "book", "copies", 2);
            Map<String, Object> charge = Map.of("account", "ann", "cents", 3000);

            Outcome outcome = pactor.saga("order-7")
                .step(Call.post(STOCK + "/reserve", line)).undo(Call.post(STOCK + "/release", line))
                .step(Call.post(ACCOUNTS + "/charge", charge))
                .undo(Call.post(ACCOUNTS + "/refund", charge))
                .submitAndWait(Duration.ofSeconds(5));
            System.out.println(outcome);
        }
    }

    static String told(Outcome outcome) {
        if (outcome instanceof Outcome.Succeeded) {
            return "placed";
        }
        if (outcome instanceof Outcome.RolledBack rolledBack) {
            return "refused: " + rolledBack.reason();
        }
        return "in progress, ask again for " + outcome.gid();
    }

    static Pactor built() {
        return Pactor.builder()
            .urls("http://pactor-1:8080", "http://pactor-2:8080")
            .timeout(Duration.ofSeconds(10))
            .build();
    }

    static Outcome tcc(Pactor pactor, String hotel, String air, Object trip) {
        return pactor.tcc("trip-7").timeoutToFail(Duration.ofMinutes(1)).run(tx -> {
            tx.branch(Call.post(hotel + "/try", trip), Call.post(hotel + "/confirm", trip),
                Call.post(hotel + "/cancel", trip));
            tx.branch(Call.post(air + "/try", trip), Call.post(air + "/confirm", trip),
                Call.post(air + "/cancel", trip));
        });
    }

    static Outcome xa(Pactor pactor, String bankA, String bankB, Object transfer) {
        return pactor.xa("transfer-7").timeoutToFail(Duration.ofMinutes(1)).run(tx -> {
            tx.branch(Call.post(bankA + "/out", transfer));
            tx.branch(Call.post(bankB + "/in", transfer));
        });
    }

    static XaParticipant participant(Pactor pactor, DataSource database) throws SQLException {
        XaParticipant participant = XaParticipant.of(pactor, JdbcBarrier.create(), database);
        participant.check();
        return participant;
    }

    /** Serves one call, of either phase. */
    static HttpAnswer out(Map<String, String> query, XaParticipant participant, Object transfer) {
        try {
            BranchCall call = BranchCall.from(query::get).orElseThrow();
            return HttpAnswer.of(participant.run(call, "http://bank-a:8085/out", connection -> {
                withdraw(connection, transfer);
                return Reply.EMPTY;
            }));
        } catch (RuntimeException e) {
            return HttpAnswer.of(e);
        }
    }

    static void janitor(Pactor pactor, JdbcBarrier barrier, DataSource database)
            throws SQLException {
        XaJanitor janitor = XaJanitor.of(pactor, barrier, database);
        List<XaFinding> found = janitor.look();
        found.forEach(System.out::println);
        janitor.end(found).forEach(System.out::println);
    }

    static void message(Pactor pactor, DataSource database, JdbcBarrier barrier, Object payment) {
        pactor.message("pay-7")
            .to(Call.post("http://ledger:8084/credit", payment))
            .checkBackAt("http://accounts:8082/check-back")
            .commitWith(gid -> barrier.run(database, BranchCall.message(gid), connection -> {
                debit(connection, payment);
                return Reply.EMPTY;
            }));
    }

    /** What the coordinator is answered at the check-back url. */
    static HttpAnswer checkBack(DataSource database, JdbcBarrier barrier, String gid) {
        return barrier.committed(database, gid) ? HttpAnswer.of(Reply.EMPTY)
            : HttpAnswer.of(new Refused("not committed"));
    }

    record Trip(String from, String to) {}

    record Ticket(String number, long price) {}

    /** Calls an airline, with the parameters of {@code call} in the url. */
    interface Airline {

        Ticket book(BranchCall call, Trip trip);

        void cancel(BranchCall call, Trip trip);
    }

    /** Calls a bank, in the same way. */
    interface Bank {

        void pay(BranchCall call, long cents);
    }

    static Workflow<Trip, String> workflow(Pactor pactor, DataSource database, Airline airline,
            Bank bank) {
        return pactor.workflow("trip", Trip.class, String.class, (wf, trip) -> {
            Ticket ticket = wf.step("ticket")
                .onRollback(() -> airline.cancel(wf.branchCall(), trip))
                .call(Ticket.class, () -> airline.book(wf.branchCall(), trip));
            wf.step("save")
                .onRollback(connection -> delete(connection, ticket))
                .inTransaction(database, connection -> save(connection, ticket));
            wf.step("pay").run(() -> bank.pay(wf.branchCall(), ticket.price()));
            return ticket.number();
        }).resumeAt("http://trips:8083/workflows/trip");
    }

    static void steps(WorkflowSteps wf, String bank, Object payment) {
        wf.step("pay").onRollback(Call.post(bank + "/refund", payment))
            .run(Call.post(bank + "/charge", payment));
    }

    static String booked(Workflow<Trip, String> workflow, Trip trip) {
        WorkflowResult<String> result = workflow.run("trip-7", trip, Duration.ofSeconds(10));
        if (result instanceof WorkflowResult.Succeeded<String> succeeded) {
            return "booked: " + succeeded.value();
        }
        if (result instanceof WorkflowResult.RolledBack<String> rolledBack) {
            return "refused: " + rolledBack.reason();
        }
        return "in progress, ask again for " + result.gid();
    }

    /** What the coordinator is answered at the url of resumeAt. */
    static HttpAnswer resumed(Workflow<Trip, String> workflow, Map<String, String> query) {
        return workflow.resume(query::get);
    }

    /** Serves one call; {@code query} gives the parameters of the request's url. */
    static HttpAnswer reserve(Map<String, String> query, DataSource database, JdbcBarrier barrier,
            String article, int copies) {
        try {
            BranchCall call = BranchCall.from(query::get).orElseThrow();
            return HttpAnswer.of(barrier.run(database, call, connection -> {
                take(connection, article, copies);
                return Reply.EMPTY;
            }));
        } catch (RuntimeException e) {
            return HttpAnswer.of(e);
        }
    }

    private static void take(Connection connection, String article, int copies)
            throws SQLException {
        try (PreparedStatement update = connection.prepareStatement(
                "update stock set copies = copies - ? where article = ? and copies >= ?")) {
            update.setInt(1, copies);
            update.setString(2, article);
            update.setInt(3, copies);
            if (update.executeUpdate() == 0) {
                throw new Refused("no " + copies + " copies of " + article);
            }
        }
    }

    private static void withdraw(Connection connection, Object transfer) throws SQLException {
        connection.createStatement().close();
    }

    private static void save(Connection connection, Ticket ticket) throws SQLException {
        connection.createStatement().close();
    }

    private static void delete(Connection connection, Ticket ticket) throws SQLException {
        connection.createStatement().close();
    }

    private static void debit(Connection connection, Object payment) throws SQLException {
        connection.createStatement().close();
    }
}

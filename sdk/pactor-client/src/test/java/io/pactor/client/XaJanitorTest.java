package io.pactor.client;

import static io.pactor.client.XaFinding.Verdict.COMMIT;
import static io.pactor.client.XaFinding.Verdict.COMMITTED;
import static io.pactor.client.XaFinding.Verdict.LEAVE;
import static io.pactor.client.XaFinding.Verdict.ROLLED_BACK;
import static io.pactor.client.XaFinding.Verdict.ROLL_BACK;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.pactor.client.XaFinding.Verdict;
import io.pactor.client.participant.BarrierSchema;
import io.pactor.client.participant.BranchCall;
import io.pactor.client.participant.JdbcBarrier;
import io.pactor.client.participant.XaBranch;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Branches that were forgotten, and the record of a real coordinator. */
@Timeout(120)
class XaJanitorTest {

    private static final Duration WAIT = Duration.ofSeconds(30);

    private static Pactor pactor;

    @BeforeAll
    static void start() {
        pactor = Pactor.connect(SharedCoordinator.url());
    }

    @AfterAll
    static void stop() {
        pactor.close();
    }

    @Nested
    class Postgresql extends Contract {

        Postgresql() {
            super(XaBank.Kind.POSTGRESQL);
        }

        @Override
        void prepareAsOthers(String xid) {
            bank.execute("begin", "insert into account values ('" + xid + "', 1)",
                "prepare transaction '" + xid + "'");
        }

        @Override
        void rollBackAsOthers(String xid) {
            bank.execute("rollback prepared '" + xid + "'");
        }
    }

    @Nested
    class Mariadb extends Contract {

        Mariadb() {
            super(XaBank.Kind.MARIADB);
        }

        /** As a JTA server: in two parts. */
        @Override
        void prepareAsOthers(String xid) {
            bank.execute("xa start '" + xid + "', 'branch', 7",
                "insert into account values ('" + xid + "', 1)",
                "xa end '" + xid + "', 'branch', 7", "xa prepare '" + xid + "', 'branch', 7");
        }

        @Override
        void rollBackAsOthers(String xid) {
            bank.execute("xa rollback '" + xid + "', 'branch', 7");
        }

        /** Not every coordinator tells when a transaction began. */
        @Test
        void whoseAgeNobodyTellsIsLeft() throws SQLException {
            bank.prepare("ageless", "01", -30);
            services.answer("/api/dtmsvr/query", 200, Json.write(Map.of(
                "transaction",
                Map.of("gid", "ageless", "trans_type", "xa", "status", "submitted"),
                "branches", List.of(
                    Map.of("branch_id", "01", "op", "commit", "status", "prepared")))));
            try (Pactor terse = Pactor.connect(services.url(""))) {
                assertLeft(XaJanitor.of(terse, bank.barrier, bank.database), "ageless",
                    "its age is not known");
            }
            endAs("ageless", "01", "rollback");
        }
    }

    abstract static class Contract {

        final XaBank bank;
        final Participants services = new Participants();
        private final XaJanitor janitor;
        private final String kind;

        Contract(XaBank.Kind kind) {
            bank = new XaBank(kind);
            janitor = XaJanitor.of(pactor, bank.barrier, bank.database).olderThan(Duration.ZERO);
            this.kind = kind.toString().toLowerCase(Locale.ROOT);
        }

        abstract void prepareAsOthers(String xid);

        abstract void rollBackAsOthers(String xid);

        @AfterEach
        void close() {
            services.close();
        }

        private String gid(String name) {
            return name + "-of-" + kind;
        }

        /** A participant that prepares, and says that it has ended what it has not. */
        private void serveForgetful() {
            XaParticipant participant = XaParticipant.of(pactor, bank.barrier, bank.database);
            services.answer("/pay", call -> {
                BranchCall branch = BranchCall.from(call.query()::get).orElseThrow();
                if (branch.op().equals("action")) {
                    participant.run(branch, services.url("/pay"),
                        connection -> XaBank.add(connection, -30));
                }
                return Participants.DONE;
            });
        }

        private void pay(XaBranches tx) {
            tx.branch(Call.post(services.url("/pay"), "{}"));
        }

        private XaFinding of(String gid, List<XaFinding> all) {
            return all.stream().filter(each -> each.branch().gid().equals(gid)).findFirst()
                .orElseThrow(() -> new AssertionError(gid + " is not among " + all));
        }

        private void assertLeft(String gid, String reason) throws SQLException {
            assertLeft(janitor, gid, reason);
        }

        void assertLeft(XaJanitor janitor, String gid, String reason) throws SQLException {
            List<XaFinding> shown = janitor.look();
            assertEquals(LEAVE, of(gid, shown).verdict());
            XaFinding after = of(gid, janitor.end(shown));
            assertEquals(LEAVE, after.verdict());
            assertTrue(after.reason().contains(reason), after::toString);
        }

        /** The server may not have noticed yet that the connection of the first phase is gone. */
        private void assertEnds(String gid, Verdict verdict, Verdict done) throws SQLException {
            List<XaFinding> shown = janitor.look();
            assertEquals(verdict, of(gid, shown).verdict());
            assertEquals(XaBank.CENTS, bank.cents(), "a look changes nothing");
            await().atMost(WAIT).until(() -> of(gid, janitor.end(shown)).verdict(), done::equals);
            assertTrue(janitor.look().stream()
                .noneMatch(each -> each.branch().gid().equals(gid)));
        }

        void endAs(String gid, String branchId, String op) {
            endAs(XaBranch.of(bank.barrier), gid, branchId, op);
        }

        private void endAs(XaBranch branches, String gid, String branchId, String op) {
            await().atMost(WAIT).ignoreExceptions().until(() -> {
                branches.end(bank.database,
                    new BranchCall(gid, "xa", branchId, op));
                return true;
            });
        }

        @Test
        void whatHasSucceededIsCommitted() throws SQLException {
            serveForgetful();
            assertEquals(new Outcome.Succeeded(gid("paid")),
                pactor.xa(gid("paid")).run(WAIT, this::pay));

            assertEquals(LEAVE, of(gid("paid"), XaJanitor.of(pactor, bank.barrier, bank.database)
                .look()).verdict(), "it is too young");
            assertEquals(LEAVE, of(gid("paid"), janitor.end(List.of())).verdict(),
                "it was not shown");
            assertEnds(gid("paid"), COMMIT, COMMITTED);
            assertEquals(XaBank.CENTS - 30, bank.cents());
        }

        @Test
        void whatHasFailedIsRolledBack() throws SQLException {
            serveForgetful();
            Outcome outcome = pactor.xa(gid("refused")).run(WAIT, tx -> {
                pay(tx);
                services.answer("/no", 409, "no");
                tx.branch(Call.post(services.url("/no"), "{}"));
            });

            assertEquals(Outcome.RolledBack.class, outcome.getClass());
            assertEnds(gid("refused"), ROLL_BACK, ROLLED_BACK);
            assertEquals(XaBank.CENTS, bank.cents());
        }

        @Test
        void whatIsUndecidedIsLeft() throws SQLException {
            serveForgetful();
            pactor.xa(gid("open")).run(WAIT, tx -> {
                pay(tx);
                try {
                    assertLeft(gid("open"), "undecided");
                } catch (SQLException e) {
                    throw new IllegalStateException(e);
                }
            });
            endAs(gid("open"), "01", "commit");
        }

        @Test
        void whatTheCoordinatorDoesNotKnowIsLeft() throws SQLException {
            bank.prepare(gid("unknown"), "01", -30);
            assertLeft(gid("unknown"), "has no transaction");
            endAs(gid("unknown"), "01", "rollback");
        }

        /** Nobody has counted on it. */
        @Test
        void aBranchThatWasNeverRegisteredIsLeft() throws SQLException {
            pactor.xa(gid("apart")).run(WAIT, tx -> { });
            bank.prepare(gid("apart"), "07", -30);
            assertLeft(gid("apart"), "has no such branch");
            endAs(gid("apart"), "07", "rollback");
        }

        /** As an application does that uses the same gids in a schema of its own. */
        @Test
        void aBranchOfAnotherBarrierIsLeft() throws SQLException {
            serveForgetful();
            pactor.xa(gid("twice")).run(WAIT, this::pay);
            endAs(gid("twice"), "01", "commit");
            try (Connection connection = bank.database.getConnection()) {
                BarrierSchema.create(connection, "neighbour");
            }
            XaBranch neighbour = XaBranch.of(JdbcBarrier.builder().table("neighbour").build());
            neighbour.prepare(bank.database, new BranchCall(gid("twice"), "xa", "01", "action"),
                connection -> XaBank.add(connection, -30));

            assertLeft(gid("twice"), "of another barrier");
            endAs(neighbour, gid("twice"), "01", "rollback");
        }

        @Test
        void whatIsBeingRolledBackIsRolledBack() throws SQLException {
            XaParticipant participant = XaParticipant.of(pactor, bank.barrier, bank.database);
            List<XaFinding> meanwhile = new CopyOnWriteArrayList<>();
            services.answer("/pay", call -> {
                BranchCall branch = BranchCall.from(call.query()::get).orElseThrow();
                if (branch.op().equals("action")) {
                    participant.run(branch, services.url("/pay"),
                        connection -> XaBank.add(connection, -30));
                } else {
                    meanwhile.addAll(lookedAt());
                }
                return Participants.DONE;
            });
            assertThrows(IllegalStateException.class,
                () -> pactor.xa(gid("aborting")).run(WAIT, tx -> {
                    pay(tx);
                    throw new IllegalStateException("no");
                }));

            await().atMost(WAIT).until(() -> !meanwhile.isEmpty());
            assertEquals(gid("aborting") + "-01: ROLL_BACK, its transaction is aborting",
                of(gid("aborting"), meanwhile).toString());
            endAs(gid("aborting"), "01", "rollback");
        }

        private List<XaFinding> lookedAt() {
            try {
                return janitor.look();
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }

        @Test
        void aSagaHasNoPreparedBranches() throws SQLException {
            pactor.saga(gid("saga")).step(Call.get(services.url("/x"))).submitAndWait(WAIT);
            bank.prepare(gid("saga"), "01", -30);
            assertLeft(gid("saga"), "is a saga");
            endAs(gid("saga"), "01", "rollback");
        }

        @Test
        void whatWasStoppedByForceIsLeft() throws Exception {
            serveForgetful();
            assertThrows(IllegalStateException.class, () -> pactor.xa(gid("forced")).run(tx -> {
                pay(tx);
                forceStop(gid("forced"));
                throw new IllegalStateException("stopped");
            }));
            assertEquals("failed", pactor.query(gid("forced")).orElseThrow().status());
            assertLeft(gid("forced"), "by force");
            endAs(gid("forced"), "01", "rollback");
        }

        private void forceStop(String gid) throws Exception {
            HttpResponse<String> answer = HttpClient.newHttpClient().send(HttpRequest.newBuilder(
                    URI.create(SharedCoordinator.url() + "/api/dtmsvr/forceStop"))
                .POST(HttpRequest.BodyPublishers.ofString(Json.write(Map.of("gid", gid)))).build(),
                HttpResponse.BodyHandlers.ofString());
            assertEquals(200, answer.statusCode(), answer.body());
        }

        @Test
        void whatOthersHavePreparedIsLeft() throws SQLException {
            prepareAsOthers("jta" + kind);
            XaFinding found = janitor.end(janitor.look()).stream()
                .filter(each -> each.branch().xid().startsWith("jta" + kind)).findFirst()
                .orElseThrow();
            assertEquals(LEAVE, found.verdict());
            assertTrue(found.reason().contains("no name of ours"), found::toString);
            await().atMost(WAIT).ignoreExceptions().until(() -> {
                rollBackAsOthers("jta" + kind);
                return true;
            });
        }
    }
}

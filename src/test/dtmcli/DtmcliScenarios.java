import com.sun.net.httpserver.HttpServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import pub.dtm.client.DtmClient;
import pub.dtm.client.exception.FailureException;
import pub.dtm.client.saga.Saga;

/**
 * A program as a user of dtmcli-java would write it: five stories against the coordinator at
 * {@code args[0]} ({@code host:port}), one line each on standard output.
 *
 * <p>A line is {@code story|gid|what the client saw|balances of the banks|calls the banks did}. The
 * program judges nothing; whoever started it reads the lines.
 */
public final class DtmcliScenarios {

    private static final long ALL_ENDS_MAX_MILLIS = 20_000;

    private final DtmClient client;
    private final Ledger ledger = new Ledger();
    private final String banks;

    private DtmcliScenarios(String coordinator, String banks) {
        this.client = new DtmClient(coordinator);
        this.banks = banks;
    }

    public static void main(String[] args) throws Exception {
        HttpServer server =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        DtmcliScenarios scenarios = new DtmcliScenarios(
                args[0], "http://127.0.0.1:" + server.getAddress().getPort());
        server.createContext("/", scenarios.ledger::handle);
        server.start();
        try {
            scenarios.sagaSucceeds();
            scenarios.sagaRollsBack();
            scenarios.tccConfirms();
            scenarios.tccCancels();
            scenarios.barrierStopsARepeatAndALateTry();
        } finally {
            server.stop(0);
        }
        System.exit(0); // The client's own threads would keep the JVM alive.
    }

    private void sagaSucceeds() throws Exception {
        Saga saga = client.newSaga()
                .add(url("a/out"), url("a/out"), Map.of("cents", 30))
                .add(url("b/in"), url("b/in"), Map.of("cents", 30))
                .enableWaitResult();
        tell("saga-success", saga.submit(), "submitted");
    }

    /** The second bank refuses; the client hears of it because it asked to wait for the result. */
    private void sagaRollsBack() throws Exception {
        Saga saga = client.newSaga("dtmcli-saga-refused")
                .add(url("a/out"), url("a/out"), Map.of("cents", 20))
                .add(url("b/out"), url("b/out"), Map.of("cents", 9_000))
                .enableWaitResult();
        String seen;
        try {
            seen = saga.submit();
        } catch (FailureException e) {
            seen = "refused";
        }
        ledger.await("dtmcli-saga-refused", List.of("01 compensate"), ALL_ENDS_MAX_MILLIS);
        tell("saga-rollback", saga.getGid(), seen);
    }

    private void tccConfirms() throws Exception {
        String gid = client.tccGlobalTransaction(tcc -> {
            tcc.callBranch(Map.of("cents", 10), url("a/out"), url("a/out"), url("a/out"));
            tcc.callBranch(Map.of("cents", 10), url("b/in"), url("b/in"), url("b/in"));
        });
        ledger.await(gid, List.of("01 confirm", "02 confirm"), ALL_ENDS_MAX_MILLIS);
        tell("tcc-confirm", gid, "submitted");
    }

    /** The second try is refused, so the client aborts and both branches are cancelled. */
    private void tccCancels() throws Exception {
        String gid = "dtmcli-tcc-refused";
        String seen;
        try {
            seen = client.tccGlobalTransaction(gid, tcc -> {
                tcc.callBranch(Map.of("cents", 10), url("a/out"), url("a/out"), url("a/out"));
                tcc.callBranch(Map.of("cents", 9_000), url("b/out"), url("b/out"), url("b/out"));
            });
        } catch (FailureException e) {
            seen = "refused";
        }
        ledger.await(gid, List.of("01 cancel", "02 cancel"), ALL_ENDS_MAX_MILLIS);
        tell("tcc-cancel", gid, seen);
    }

    /**
     * The coordinator asks twice because the first answer to a confirm is a 500 after the work was
     * done; then a try arrives after its cancel. The client's barrier must let neither through.
     */
    private void barrierStopsARepeatAndALateTry() throws Exception {
        ledger.failOnceAfterTheWork("confirm");
        String gid = client.tccGlobalTransaction(tcc ->
                tcc.callBranch(Map.of("cents", 5), url("a/out"), url("a/out"), url("a/out")));
        ledger.await(gid, List.of("01 confirm", "01 confirm"), ALL_ENDS_MAX_MILLIS);
        tell("barrier-repeat", gid, "submitted");

        String late = "dtmcli-late-try";
        ledger.refuseEarly(late);
        String seen;
        try {
            seen = client.tccGlobalTransaction(late, tcc ->
                    tcc.callBranch(Map.of("cents", 5), url("a/out"), url("a/out"), url("a/out")));
        } catch (FailureException e) {
            seen = "refused";
        }
        ledger.await(late, List.of("01 cancel"), ALL_ENDS_MAX_MILLIS);
        ledger.replay(late);
        tell("barrier-late-try", late, seen);
    }

    private String url(String bankAndWay) {
        return banks + "/" + bankAndWay;
    }

    private void tell(String story, String gid, String seen) throws Exception {
        System.out.println("RESULT " + String.join("|", story, gid, seen, ledger.balances(),
                String.join(",", ledger.worked(gid))));
    }
}

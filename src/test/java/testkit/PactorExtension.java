package testkit;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import pactor.LocalCoordinator;
import transaction.Coordinator;
import transaction.Reply;
import transaction.TestControls;

/**
 * Gives a test a coordinator in its own JVM, in the test mode: it stores in memory, its clock moves
 * when the test says so, and a {@link Participant} answers as it is told.
 *
 * <p>One coordinator serves all tests of the JVM, and is emptied before each; so tests that use it
 * must not run at the same time. It is started for the first of them, which takes a second or two.
 *
 * <pre>{@code
 * @RegisterExtension
 * static final PactorExtension pactor = new PactorExtension();
 * }</pre>
 */
public final class PactorExtension implements BeforeEachCallback {

    private Shared shared;

    @Override
    public void beforeEach(ExtensionContext context) {
        shared = context.getRoot().getStore(ExtensionContext.Namespace.GLOBAL)
            .getOrComputeIfAbsent(Shared.class, key -> new Shared(), Shared.class);
        Stages.await(controls().manual(false));
        controls().delayPasses(Duration.ZERO);
        Stages.await(controls().clear());
        shared.participant.reset();
    }

    /** For DTM's clients over HTTP, as in {@code http://127.0.0.1:40123/api/dtmsvr}. */
    public String httpUrl() {
        return "http://127.0.0.1:" + shared.coordinator.http().getPort() + "/api/dtmsvr";
    }

    /** The address for DTM's clients over gRPC, as in {@code 127.0.0.1:40124}. */
    public String grpcAddress() {
        return "127.0.0.1:" + shared.coordinator.grpc().getPort();
    }

    /** The coordinator itself, without a protocol between. */
    public Coordinator coordinator() {
        return shared.coordinator.coordinator();
    }

    public TestControls controls() {
        return shared.coordinator.controls();
    }

    public Participant participant() {
        return shared.participant;
    }

    /** A saga to be put together and submitted. */
    public SagaDraft saga() {
        return new SagaDraft(coordinator(), participant());
    }

    /**
     * Moves the coordinator's clock once all has come to rest; what is due then is under way when
     * this returns.
     */
    public Instant advance(Duration by) {
        Stages.awaitRest(controls());
        return Stages.await(controls().advance(by));
    }

    /** Whether from now on nothing runs by itself, but for what submit and abort set off. */
    public void manual(boolean on) {
        Stages.await(controls().manual(on));
    }

    /** Runs one pass of a transaction, whether it is due or not, and waits for its end. */
    public void run(String gid) {
        Reply reply = Stages.await(controls().run(gid));
        if (!(reply instanceof Reply.Found)) {
            throw new AssertionError(gid + " cannot be run: " + reply);
        }
    }

    /** The same for the most overdue transaction. @return its gid, empty if none is due */
    public String runDue() {
        return Stages.await(controls().runDue());
    }

    /** What can be expected of a transaction. */
    public TransactionAssert assertThat(String gid) {
        return new TransactionAssert(gid, coordinator(), controls(), participant());
    }

    /** What all tests of the JVM share; closed by JUnit after the last of them. */
    private static final class Shared implements AutoCloseable {

        private final LocalCoordinator coordinator = LocalCoordinator.start();
        private final Participant participant = Participant.start();

        @Override
        public void close() {
            coordinator.close();
            participant.close();
        }
    }
}

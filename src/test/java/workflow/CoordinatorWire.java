package workflow;

import java.util.List;
import java.util.Optional;

/** What a client that runs workflows says to the coordinator, from the protocol alone. */
interface CoordinatorWire extends AutoCloseable {

    /**
     * What the coordinator knows of the workflow, which exists from now on.
     *
     * @param callback where the coordinator finds this client when it is to go on
     */
    Known prepare(String gid, String name, byte[] data, String callback);

    /** Puts a step's outcome on record. @return false if the coordinator refused it */
    boolean record(String gid, Progress progress);

    /** Ends the workflow. @return false if the coordinator refused it */
    boolean finish(String gid, String status, byte[] result, String reason);

    @Override
    void close();

    /**
     * @param status {@code prepared} as long as the workflow is to be gone on with
     * @param result what it returned; empty before
     */
    record Known(String status, byte[] result, List<Progress> progresses) {

        Optional<Progress> of(String branch, String op) {
            return progresses.stream()
                .filter(each -> each.branch().equals(branch) && each.op().equals(op)).findFirst();
        }
    }

    /** One step's outcome. */
    record Progress(String branch, String op, String status, byte[] data) {}
}

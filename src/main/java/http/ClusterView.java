package http;

import audit.Row;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What a server shows of the cluster that it is a part of. No method blocks. */
public interface ClusterView {

    /** Shows nothing. */
    ClusterView NONE = new ClusterView() {
        @Override
        public List<Node> nodes() {
            return List.of();
        }

        @Override
        public Map<String, String> settings() {
            return Map.of();
        }

        @Override
        public CompletionStage<List<Row>> audit(long before, int limit) {
            return CompletableFuture.completedFuture(List.of());
        }
    };

    /** All that are members now, in the order of their addresses. */
    List<Node> nodes();

    /** Each key with what is in force, in order; secrets are masked. */
    Map<String, String> settings();

    /**
     * The newest rows of the audit log first. The stage fails if they cannot be read.
     *
     * @param before the number of a row that is too new; {@link Long#MAX_VALUE} for the first page
     */
    CompletionStage<List<Row>> audit(long before, int limit);

    /**
     * @param status as the cluster knows it, such as {@code up} or {@code leaving}
     * @param since when it started; null if that is not known here
     * @param self whether it is the one that tells
     */
    record Node(String address, String status, Instant since, boolean self) {}
}

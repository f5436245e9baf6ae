package store;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import meter.Meter;

/** What a database in a file needs beside statements, while it is open. */
interface Maintenance extends AutoCloseable {

    /** For databases that look after themselves. */
    Maintenance NONE = new Maintenance() {
        @Override
        public void force() {}

        @Override
        public CompletionStage<StoreException> broken() {
            return new CompletableFuture<>();
        }

        @Override
        public void close() {}
    };

    /** When this returns, all that was committed before it was called is on the disk. Blocks. */
    void force() throws SQLException;

    /**
     * Completes, with the reason, if the database cannot be relied upon any more in this process.
     * What was committed before is there for the next one.
     */
    CompletionStage<StoreException> broken();

    /** Gauges of what it looks after. */
    default void show(Meter meter) {}

    /** What an operator should know although all goes on, a line each. */
    default List<String> warnings() {
        return List.of();
    }

    /** Why nothing more should be written at present; empty if it can. Must not block. */
    default Optional<String> trouble() {
        return Optional.empty();
    }

    /** Stops it; to be called before the database is closed. Blocks for a moment. */
    @Override
    void close();
}

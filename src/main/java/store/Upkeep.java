package store;

import java.sql.SQLException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** What a database in a file needs beside statements, while it is open. */
interface Upkeep extends AutoCloseable {

    /** For databases that look after themselves. */
    Upkeep NONE = new Upkeep() {
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

    /** Stops it; to be called before the database is closed. Blocks for a moment. */
    @Override
    void close();
}

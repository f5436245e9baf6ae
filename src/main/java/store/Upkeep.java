package store;

import java.sql.SQLException;

/** What a database in a file needs beside statements, while it is open. */
interface Upkeep extends AutoCloseable {

    /** For databases that look after themselves. */
    Upkeep NONE = new Upkeep() {
        @Override
        public void force() {}

        @Override
        public void close() {}
    };

    /** When this returns, all that was committed before it was called is on the disk. Blocks. */
    void force() throws SQLException;

    /** Stops it; to be called before the database is closed. Blocks for a moment. */
    @Override
    void close();
}

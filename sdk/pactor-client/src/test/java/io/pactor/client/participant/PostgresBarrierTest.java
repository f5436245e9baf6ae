package io.pactor.client.participant;

import org.junit.jupiter.api.Nested;

/** On PostgreSQL, with our table and with that of DTM's script. */
class PostgresBarrierTest {

    @Nested
    class Calls extends CallContract {

        Calls() {
            super(TestDatabase.POSTGRESQL);
        }
    }

    @Nested
    class CallsOnDtmsTable extends CallContract {

        CallsOnDtmsTable() {
            super(TestDatabase.POSTGRESQL_OF_DTM);
        }
    }

    @Nested
    class Transactions extends TransactionContract {

        Transactions() {
            super(TestDatabase.POSTGRESQL);
        }
    }

    @Nested
    class Schema extends SchemaContract {

        Schema() {
            super(TestDatabase.POSTGRESQL);
        }
    }

    @Nested
    class Cleanup extends CleanupContract {

        Cleanup() {
            super(TestDatabase.POSTGRESQL, Dialect.POSTGRESQL);
        }
    }

    @Nested
    class Interleavings extends InterleavingContract {

        Interleavings() {
            super(TestDatabase.POSTGRESQL);
        }
    }

    @Nested
    class Xa extends XaContract {

        Xa() {
            super(TestDatabase.POSTGRESQL);
        }
    }

    @Nested
    class XaOfNeighbours extends XaNeighbourContract {

        XaOfNeighbours() {
            super(TestDatabase.POSTGRESQL);
        }
    }
}

package io.pactor.client.participant;

import org.junit.jupiter.api.Nested;

/** On MariaDB, with our table and with that of DTM's script. */
class MariadbBarrierTest {

    @Nested
    class Calls extends CallContract {

        Calls() {
            super(TestDatabase.MARIADB);
        }
    }

    @Nested
    class CallsOnDtmsTable extends CallContract {

        CallsOnDtmsTable() {
            super(TestDatabase.MARIADB_OF_DTM);
        }
    }

    @Nested
    class Transactions extends TransactionContract {

        Transactions() {
            super(TestDatabase.MARIADB);
        }
    }

    @Nested
    class TransactionsOnDtmsTable extends TransactionContract {

        TransactionsOnDtmsTable() {
            super(TestDatabase.MARIADB_OF_DTM);
        }
    }

    @Nested
    class Schema extends SchemaContract {

        Schema() {
            super(TestDatabase.MARIADB);
        }
    }

    @Nested
    class Cleanup extends CleanupContract {

        Cleanup() {
            super(TestDatabase.MARIADB, Dialect.MYSQL);
        }
    }

    @Nested
    class Interleavings extends InterleavingContract {

        Interleavings() {
            super(TestDatabase.MARIADB);
        }
    }

    @Nested
    class Xa extends XaContract {

        Xa() {
            super(TestDatabase.MARIADB);
        }
    }

    @Nested
    class XaOfNeighbours extends XaNeighbourContract {

        XaOfNeighbours() {
            super(TestDatabase.MARIADB);
        }
    }
}

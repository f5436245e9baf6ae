package io.pactor.client.participant;

import org.junit.jupiter.api.Nested;

/** On H2, as it is and as it stands in for others. */
class H2BarrierTest {

    @Nested
    class Calls extends CallContract {

        Calls() {
            super(TestDatabase.H2);
        }
    }

    @Nested
    class CallsAsPostgresql extends CallContract {

        CallsAsPostgresql() {
            super(TestDatabase.H2_AS_POSTGRESQL);
        }
    }

    @Nested
    class CallsAsMysql extends CallContract {

        CallsAsMysql() {
            super(TestDatabase.H2_AS_MYSQL);
        }
    }

    @Nested
    class Transactions extends TransactionContract {

        Transactions() {
            super(TestDatabase.H2);
        }
    }

    @Nested
    class TransactionsAsPostgresql extends TransactionContract {

        TransactionsAsPostgresql() {
            super(TestDatabase.H2_AS_POSTGRESQL);
        }
    }

    @Nested
    class TransactionsAsMysql extends TransactionContract {

        TransactionsAsMysql() {
            super(TestDatabase.H2_AS_MYSQL);
        }
    }

    @Nested
    class Schema extends SchemaContract {

        Schema() {
            super(TestDatabase.H2);
        }
    }

    @Nested
    class Cleanup extends CleanupContract {

        Cleanup() {
            super(TestDatabase.H2, Dialect.H2);
        }
    }

    @Nested
    class Interleavings extends InterleavingContract {

        Interleavings() {
            super(TestDatabase.H2);
        }
    }
}

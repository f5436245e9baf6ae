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
}

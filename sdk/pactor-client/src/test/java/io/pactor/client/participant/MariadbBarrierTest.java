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
}

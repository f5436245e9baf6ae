package store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** How the pool gets a connection to a database that is away, or is not. */
class RetryingDataSourceTest {

    private static final SQLException AWAY = new SQLException("refused", "08001");
    private static final SQLException WRONG = new SQLException("password", "28P01");

    private int tries;
    private Duration waited = Duration.ZERO;

    @Test
    void aDatabaseThatComesBackIsFoundAtTheNextTry() throws SQLException {
        try (Connection there = DriverManager.getConnection("jdbc:h2:mem:")) {
            assertSame(there, source(() -> {
                if (++tries <= 30) {
                    throw AWAY;
                }
                return there;
            }).getConnection("user", "ignored"));
            assertEquals(RetryingDataSource.PAUSE.multipliedBy(30), waited);
        }
    }

    @Test
    void whatMoreTriesCannotMendIsToldAtOnce() {
        RetryingDataSource source = source(() -> {
            tries++;
            throw WRONG;
        });
        assertSame(WRONG, assertThrows(SQLException.class, source::getConnection));
        assertEquals(1, tries);
    }

    @Test
    void nowAndThenThePoolHearsWhy() {
        RetryingDataSource source = source(() -> {
            tries++;
            throw AWAY;
        });
        assertSame(AWAY, assertThrows(SQLException.class, source::getConnection));
        assertEquals(RetryingDataSource.TRIES, tries);
    }

    @Test
    void itEndsWithThePool() {
        RetryingDataSource source = new RetryingDataSource(() -> {
            throw AWAY;
        }, each -> true, time -> {
            throw new InterruptedException();
        });
        assertSame(AWAY, assertThrows(SQLException.class, source::getConnection).getCause());
        assertTrue(Thread.interrupted());
    }

    private RetryingDataSource source(RetryingDataSource.Source source) {
        return new RetryingDataSource(source, each -> each == AWAY,
            time -> waited = waited.plus(time));
    }
}
